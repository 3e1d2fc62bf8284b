import { LaboratoryDesk } from './features/laboratory/laboratory-desk.tsx';

/** The place "Laboratory": published systems on the user's own images. */
export function LaboratoryScreen() {
  return <LaboratoryDesk />;
}
