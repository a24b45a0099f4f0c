import { plain } from '../../src/report/style.ts';
import { table } from '../../src/report/table.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { designs, verdictOfEqual } from './coverage/verdict.ts';
import { times } from './coverage/world.ts';

const seed = 16;
const samples = 500;

/** How often whole comparisons of equal agents call one of them better or worse, over samples drawn from one seed. */
export function verdictTable(): string {
  const rows = designs.map((design) => {
    const random = seededRandom(seed);
    const said = times(samples, () => verdictOfEqual(design, random));
    const share = (kind: string) => said.filter((one) => one === kind).length / samples;
    return { design, better: share('better'), worse: share('worse'), equivalent: share('equivalent') };
  });
  const percent = (share: number) => (100 * share).toFixed(1);
  const limit = 0.05 + 2 * Math.sqrt((0.05 * 0.95) / samples);
  const columns = table<(typeof rows)[number]>(
    [
      { title: 'equal agents', cell: ({ design }) => `${design.tasks} tasks × ${design.attempts}` },
      { title: 'better', cell: ({ better }) => percent(better), align: 'right' },
      { title: 'worse', cell: ({ worse }) => percent(worse), align: 'right' },
      { title: 'no difference', cell: ({ equivalent }) => percent(equivalent), align: 'right' },
      { title: '', cell: ({ better, worse }) => (better + worse > limit ? 'more than 5 % false' : '') },
    ],
    rows,
    plain,
  );
  return `${samples} comparisons of each design, seed ${seed}; percent of verdicts\n\n${columns}`;
}
