import { plain } from '../../src/report/style.ts';
import { table } from '../../src/report/table.ts';

/** One line of the bench's table. */
export interface Figure {
  name: string;
  unit: 'ms' | 'trials/s' | 'steps/s' | 'events/s' | 'MB';
  ours: number[];
  /** The least that could do the same, measured in turns with ours. */
  floor?: number[];
  /** What our median should be. */
  target?: string;
}

/** A table of medians with smallest and largest sample, and ours as a multiple of the floor. */
export function figureTable(figures: readonly Figure[]): string {
  return table(
    [
      { title: 'what', cell: ({ name }) => name },
      { title: 'unit', cell: ({ unit }) => unit },
      { title: 'ours', cell: ({ ours }) => spread(ours) },
      { title: 'floor', cell: ({ floor }) => spread(floor ?? []) },
      { title: 'ratio', cell: ratio, align: 'right' },
      {
        title: 'n',
        cell: ({ ours, floor }) => [ours, floor ?? []].map((all) => all.length).join('/'),
        align: 'right',
      },
      { title: 'target', cell: ({ target }) => target ?? '' },
    ],
    figures,
    plain,
  );
}

function spread(samples: number[]): string {
  if (samples.length === 0) return '–';
  const [middle, least, most] = [median(samples), Math.min(...samples), Math.max(...samples)].map(rounded);
  return samples.length === 1 ? `${middle}` : `${middle} (${least}..${most})`;
}

function ratio({ ours, floor = [] }: Figure): string {
  if (ours.length === 0 || floor.length === 0) return '–';
  return (median(ours) / median(floor)).toFixed(2);
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function rounded(value: number): string {
  return value < 100 ? value.toPrecision(3) : String(Math.round(value));
}

/** Milliseconds that something took. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await action();
  return performance.now() - begun;
}
