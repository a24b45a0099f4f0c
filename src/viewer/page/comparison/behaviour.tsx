import { divergenceLines, partingLine, rateRows } from '../../../comparison/behaviour-wording.ts';
import type { PairComparison } from '../../../schema/comparison.ts';
import { isUnscored } from '../format.ts';
import { FigureTable } from './figure-table.tsx';
import { PairBars } from './pair-bars.tsx';

const mostTerms = 8;

/** What the two do differently: which tools they call, where they first part, and how often what happens. */
export function Behaviour({ pair, names }: { pair: PairComparison; names: { a: string; b: string } }) {
  const { divergence } = pair.behaviour;
  const terms = isUnscored(divergence) ? [] : (divergence[0]?.most ?? []);
  const bars = terms.slice(0, mostTerms).map(({ term, figure, sentence }) => ({
    name: term,
    a: figure.a,
    b: figure.b,
    told: sentence,
  }));
  const [apart, ...words] = divergenceLines(pair);
  const rates = rateRows(pair);
  return (
    <section className="plot" aria-label="Behaviour">
      <h2>What they do differently</h2>
      <p>{apart}</p>
      {bars.length > 0 && (
        <PairBars
          label="Calls in a trial, by tool and program"
          rows={bars}
          names={names}
          text={(value) => String(value)}
        />
      )}
      <ul>
        {words.map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ul>
      <p>{partingLine(pair)}</p>
      {rates.length > 0 && (
        <FigureTable
          label="How often what happens"
          titles={['A', 'B', 'B − A', 'Holm']}
          rows={rates.map(({ what, a, b, change, p }) => [what, a, b, change, p] as const)}
        />
      )}
    </section>
  );
}
