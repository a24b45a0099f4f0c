import { several } from '../format.ts';
import type { Forks, GapSplit } from '../schema/experiment.ts';
import { isUnscored } from '../schema/score.ts';
import { signed } from './wording.ts';

export const points = (share: number) => `${signed(share, 'share')} points`;

/** What forks are counted for. */
export type Counted = 'completion' | 'safe success';

/** A gap and its parts, a line each. */
export function splitLines(what: Counted, split: GapSplit): string {
  if (isUnscored(split)) return `The gap in ${what} can't be split: ${split.unscored}.`;
  const { gap, prefix, suffix, interaction, tasks, descriptive } = split;
  const lines = [
    line(`B − A in ${what}`, gap),
    line('  made up to the cut', prefix, gap.mean),
    line('  made after it', suffix, gap.mean),
    line('  how far the two depend on each other', interaction),
  ];
  const note = descriptive ? `; ${several(tasks, 'task')}: descriptive only` : '';
  return `Gap over ${several(tasks, 'task')}, with 95 % intervals where several tasks differ${note}\n${lines.join('\n')}`;
}

function line(
  what: string,
  { mean, interval }: { mean: number; interval?: { low: number; high: number } | undefined },
  gap?: number,
): string {
  const range = interval ? ` (${signed(interval.low, 'share')} to ${signed(interval.high, 'share')})` : '';
  const part = gap ? `, ${`${Math.round((mean / gap) * 100)}`.replace('-', '−')} % of it` : '';
  return `${what}: ${points(mean)}${range}${part}`;
}

export const rate = ({ succeeded, of, diverged }: Forks) =>
  `${succeeded}/${of}${diverged > 0 ? ` (${diverged} diverged)` : ''}`;

export const safeRate = ({ safely: { succeeded, of } }: Forks) => `${succeeded}/${of}`;
