import { plain } from '../../src/report/style.ts';
import { table } from '../../src/report/table.ts';
import { wilson } from '../../src/statistic/interval.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { type Behaviour, behaviours, type Design, judged, simulate } from '../contamination/simulation.ts';

/** Taken once, for this table alone; what methods are tried on has other seeds. */
const seed = 20_261_201;
const samples = 200;

const designs: Design[] = [12, 20, 37, 60, 100].map((tasks) => ({ tasks, variants: 3, attempts: 2 }));

interface Row {
  name: string;
  design: Design;
  beside: boolean;
  right: number;
  strong: number;
  untold: number;
}

/** How often simulated agents of known behaviour get the verdict they should, by how many tasks were tried. */
export function contaminationTable(from = seed): string {
  const rows = Object.entries(behaviours).flatMap(([name, behaviour]) =>
    [false, true].flatMap((beside) => designs.map((design) => rowOf(name, behaviour, design, beside, from))),
  );
  const percent = (count: number) => ((100 * count) / samples).toFixed(1);
  const columns = table<Row>(
    [
      { title: 'agent', cell: ({ name }) => name },
      { title: 'reference', cell: ({ beside }) => (beside ? 'yes' : 'no') },
      { title: 'tasks', cell: ({ design }) => String(design.tasks), align: 'right' },
      {
        title: 'right, 95 % interval',
        cell({ right }) {
          const { low, high } = wilson(right, samples);
          return `${percent(right)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
        },
      },
      { title: 'strong', cell: ({ strong }) => percent(strong), align: 'right' },
      { title: 'untold', cell: ({ untold }) => percent(untold), align: 'right' },
      { title: '', cell: ({ right }) => (right < 0.95 * samples ? 'below 95' : '') },
    ],
    rows,
    plain,
  );
  return `${samples} simulations of each, seed ${from}; 3 variants, one other form, 2 attempts; right: no evidence of honest agents, suspicious or strong of others\n\n${columns}`;
}

function rowOf(name: string, behaviour: Behaviour, design: Design, beside: boolean, from: number): Row {
  const random = seededRandom(from);
  const said = Array.from({ length: samples }, () =>
    judged(simulate(behaviour, design, random, beside), beside),
  );
  const count = (...verdicts: string[]) => said.filter((one) => verdicts.includes(one)).length;
  const found = count('suspicious', 'strong');
  const none = count('no evidence');
  return {
    ...{ name, design, beside },
    right: behaviour.knows ? found : none,
    strong: count('strong'),
    untold: samples - found - none,
  };
}
