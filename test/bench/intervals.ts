import { plain } from '../../src/report/style.ts';
import { table } from '../../src/report/table.ts';
import { isFound } from '../../src/statistic/difference.ts';
import { seededRandom } from '../../src/statistic/random.ts';
import { type Situation, situations } from './coverage/situation.ts';

const seed = 16;
const samples = 4000;

interface Coverage extends Situation {
  /** Share of intervals that held what is true, of those that there were. */
  held: number;
  width: number;
  /** Share of samples of which nothing could be said. */
  silent: number;
  found: { better: number; worse: number } | undefined;
}

/** How often intervals hold what is true, and verdicts say what is not, over samples of trials drawn from one seed. */
export function coverageTable(): string {
  const header = `${samples} samples of each situation, seed ${seed}; intervals of 95 %`;
  const rows = situations.map(coverageOf);
  const columns = table<Coverage>(
    [
      { title: 'situation', cell: ({ name }) => name },
      { title: 'held', cell: ({ held }) => percent(held), align: 'right' },
      { title: 'width', cell: ({ width }) => percent(width), align: 'right' },
      { title: 'none', cell: ({ silent }) => (silent > 0 ? percent(silent) : ''), align: 'right' },
      { title: 'better', cell: ({ found }) => (found ? percent(found.better) : ''), align: 'right' },
      { title: 'worse', cell: ({ found }) => (found ? percent(found.worse) : ''), align: 'right' },
      { title: '', cell: verdictOf },
    ],
    rows,
    plain,
  );
  return `${header}\n\n${columns}`;
}

function coverageOf(situation: Situation): Coverage {
  const random = seededRandom(seed);
  let [said, held, width, better, worse, compared] = [0, 0, 0, 0, 0, 0];
  for (let sample = 0; sample < samples; sample++) {
    const bounds = situation.sample(random);
    if (!bounds) continue;
    said++;
    held += Number(bounds.low - 1e-12 <= situation.truth && situation.truth <= bounds.high + 1e-12);
    width += bounds.high - bounds.low;
    if (bounds.p === undefined) continue;
    compared++;
    if (!isFound(bounds, bounds.p)) continue;
    if (bounds.low > 0) better++;
    else worse++;
  }
  return {
    ...situation,
    held: held / said,
    width: width / said,
    silent: 1 - said / samples,
    found: compared > 0 ? { better: better / compared, worse: worse / compared } : undefined,
  };
}

const percent = (share: number) => (100 * share).toFixed(1);

function verdictOf({ held, truth, found, conservative }: Coverage): string {
  const wrong = found && (truth === 0 ? found.better + found.worse : found.worse);
  if (wrong && wrong > 0.05 + 2 * Math.sqrt((0.05 * 0.95) / samples)) return 'more than 5 % false verdicts';
  if (held < 0.93) return 'less than 93 %';
  return held <= 0.97 ? '' : `more than 97 %${conservative ? `: ${conservative}` : ''}`;
}
