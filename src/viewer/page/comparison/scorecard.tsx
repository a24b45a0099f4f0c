import { measureCells, scorecardNotes } from '../../../comparison/wording.ts';
import type { Measure } from '../../../schema/comparison.ts';
import { FigureTable } from './figure-table.tsx';

/** Every measure of two sets beside each other, with the difference and what is known of it. */
export function Scorecard({ measures }: { measures: readonly Measure[] }) {
  const rows = measures.map((measure) => {
    const { name, a, b, change, p, holm, better, times } = measureCells(measure);
    return [name, a, b, change, p, holm, better, times] as const;
  });
  return (
    <section className="plot" aria-label="Scorecard">
      <h2>Scorecard</h2>
      <FigureTable
        label="Measures of both sets"
        titles={['A', 'B', 'B − A', 'p', 'Holm', 'P(B better)', 'B / A']}
        rows={rows}
      />
      {scorecardNotes(measures).map((line) => (
        <p key={line} className="note">
          {line}
        </p>
      ))}
    </section>
  );
}
