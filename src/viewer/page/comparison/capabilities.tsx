import { capabilityName, chance, change } from '../../../comparison/wording.ts';
import type { Capability, ComparedSet } from '../../../schema/comparison.ts';
import { isUnscored, several } from '../format.ts';
import { hashOf } from '../place.ts';
import { IntervalPlot, type IntervalRow } from './interval-plot.tsx';

const most = 15;

/** Where the two differ: by tag, difficulty, environment and effect, the largest evidence first; each leads to its trials. */
export function Capabilities({
  capabilities,
  of,
}: {
  capabilities: readonly Capability[];
  of: { a: ComparedSet; b: ComparedSet };
}) {
  const rows = capabilities.slice(0, most).flatMap((one) => rowOf(one, of.b));
  if (rows.length === 0) return null;
  return (
    <section className="plot" aria-label="Capabilities">
      <h2>Where they differ in completion, in points, with 95 % intervals</h2>
      <IntervalPlot
        label="Differences in completion by capability"
        rows={rows}
        ends={{ less: 'B is worse', more: 'B is better' }}
      />
      <details>
        <summary>as a list</summary>
        <ul className="plain">
          {rows.map(({ name, told, href }) => (
            <li key={name}>
              <a href={href}>{name}</a> <span className="note">{told}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function rowOf(capability: Capability, b: ComparedSet): (IntervalRow & { href: string })[] {
  const { figure, by, value, tasks, adjusted } = capability;
  if (isUnscored(figure) || !figure.interval) return [];
  const { low, high } = figure.interval;
  const query = {
    agent: b.agents.length === 1 ? b.agents[0] : undefined,
    [by]: value,
  };
  return [
    {
      name: capabilityName(capability),
      value: figure.difference * 100,
      low: low * 100,
      high: high * 100,
      told: `${change(figure, 'share')} over ${several(tasks.length, 'task')}, p ${chance(adjusted ?? figure.p)}`,
      href: hashOf({ view: 'run', run: b.runs[0] ?? '', query }),
      found: (adjusted ?? figure.p) <= 0.05,
    },
  ];
}
