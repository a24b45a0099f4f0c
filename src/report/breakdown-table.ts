import { estimate, proportion, share } from '../format.ts';
import type { Breakdown } from '../scoring/breakdown.ts';
import type { AgentTotal } from '../scoring/summary.ts';
import type { Style } from './style.ts';
import { type Column, table } from './table.ts';

export const breakdownColumns: Column<Breakdown>[] = [
  { title: 'of tasks', cell: named },
  { title: 'agent', cell: ({ agent }) => agent },
  { title: 'tasks', cell: ({ tasks }) => String(tasks), align: 'right' },
  { title: 'scored', cell: ({ scored, trials }) => `${scored} of ${trials}`, keep: 1 },
  { title: 'completion', cell: ({ completion }) => estimate(completion) },
  { title: 'safe success', cell: ({ safeSuccess }) => estimate(safeSuccess) },
  { title: 'unsafe trials', cell: ({ unsafe }) => proportion(unsafe), keep: 2 },
];

/** A line per agent and group of tasks: by difficulty, then by tag. */
export function breakdownTable(breakdown: readonly Breakdown[], style: Style): string | undefined {
  return breakdown.length === 0 ? undefined : table(breakdownColumns, breakdown, style);
}

/** `difficulty hard`; `tag refund, tag policy` where these are the same tasks */
function named({ by, value, also }: Breakdown): string {
  return [`${by} ${value}`, ...also].join(', ');
}

/** Each agent's chances at k attempts, for every k. */
interface PassRow {
  agent: string;
  k: number;
  any: number | undefined;
  all: number | undefined;
  allSafe: number | undefined;
}

export const passColumns: Column<PassRow>[] = [
  { title: 'agent', cell: ({ agent }) => agent },
  { title: 'k', cell: ({ k }) => String(k), align: 'right' },
  { title: 'pass@k', cell: ({ any }) => share(any), align: 'right' },
  { title: 'pass^k', cell: ({ all }) => share(all), align: 'right' },
  { title: 'safe-pass^k', cell: ({ allSafe }) => share(allSafe), align: 'right' },
];

/** A row per agent and k; none where the totals show all there is: k of one, and the largest. */
export function passRows(agents: readonly AgentTotal[]): PassRow[] {
  const rows = agents.flatMap(({ agent, passAtK, passHatK, safePassHatK }) =>
    passAtK.map(
      (any, at): PassRow => ({ agent, k: at + 1, any, all: passHatK[at], allSafe: safePassHatK[at] }),
    ),
  );
  return rows.some(({ k }) => k > 2) ? rows : [];
}

export function passTable(agents: readonly AgentTotal[], style: Style): string | undefined {
  const rows = passRows(agents);
  return rows.length === 0 ? undefined : table(passColumns, rows, style);
}
