import { type TextKey, useText } from '../../text/text.ts';

/** What there is, and what of it each side had. */
const ROWS: readonly (readonly [what: TextKey, owner: TextKey, evaluator: TextKey])[] = [
  ['forecast.who.series', 'forecast.seen', 'forecast.unseen'],
  ['forecast.who.secret', 'forecast.made', 'forecast.never'],
  ['forecast.who.weights', 'forecast.weightsOwner', 'forecast.seen'],
  ['forecast.who.keys', 'forecast.keysOwner', 'forecast.seen'],
  ['forecast.who.size', 'forecast.seen', 'forecast.sizeEvaluator'],
];

/** Which side had what, and under which assumption that holds. */
export function WhoSawWhat() {
  const t = useText();
  return (
    <section className="forecast-section" aria-labelledby="forecast-who">
      <h2 id="forecast-who">{t('forecast.who')}</h2>
      <table className="forecast-table forecast-who">
        <thead>
          <tr>
            <th scope="col">{t('forecast.what')}</th>
            <th scope="col">{t('forecast.owner')}</th>
            <th scope="col">{t('forecast.evaluator')}</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([what, owner, evaluator]) => (
            <tr key={what}>
              <th scope="row">{t(what)}</th>
              <td>{t(owner)}</td>
              <td>{t(evaluator)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet forecast-assumption">{t('forecast.assumption')}</p>
    </section>
  );
}
