import { ForecastDesk } from './features/forecast/forecast-desk.tsx';

/** The place "Forecast": daily counts forecast on ciphertexts. */
export function ForecastScreen() {
  return <ForecastDesk />;
}
