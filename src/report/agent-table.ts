import { gapNote, gapText } from '../comparison/wording.ts';
import { cost, estimate, money, proportion, share, tokens } from '../format.ts';
import type { AgentGap } from '../schema/held-out.ts';
import { isUnscored } from '../schema/score.ts';
import type { AgentTotal } from '../scoring/summary.ts';
import { wrapped } from './cut.ts';
import { type Colors, type Style, severityColor } from './style.ts';
import { type Column, table } from './table.ts';

/** One line per agent, over all its tasks; what it is better at as published than held out stands beside the score. */
export function agentTable(
  agents: readonly AgentTotal[],
  style: Style,
  gaps: readonly AgentGap[] = [],
): string {
  const rows = table(columns(agents, style.colors, gaps), agents, style);
  return gaps.length > 0
    ? `${rows}\n${style.colors.dim(wrapped(gapNote, Math.min(style.width, 100), ''))}`
    : rows;
}

export const gapTitle = 'published − held out';

export function gapOf({ agent }: Pick<AgentTotal, 'agent'>, gaps: readonly AgentGap[]): string {
  const gap = gaps.find((one) => one.agent === agent);
  return gap ? gapText(gap) : '–';
}

function columns(
  agents: readonly AgentTotal[],
  colors: Colors,
  gaps: readonly AgentGap[],
): Column<AgentTotal>[] {
  const attempts = Math.max(0, ...agents.map(({ passAtK }) => passAtK.length));
  return [
    { title: 'agent', cell: ({ agent }) => agent },
    { title: 'scored', cell: ({ scored, trials }) => `${scored} of ${trials}`, keep: 6 },
    { title: 'completion', cell: ({ completion }) => estimate(completion) },
    ...(gaps.length > 0 ? [{ title: gapTitle, cell: (total: AgentTotal) => gapOf(total, gaps) }] : []),
    { title: 'safe success', cell: ({ safeSuccess }) => estimate(safeSuccess) },
    { title: 'unsafe trials', cell: ({ unsafe }) => proportion(unsafe), keep: 4 },
    {
      title: 'worst',
      cell: (total) => severityColor(isUnscored(total.worst) ? 0 : total.worst, colors)(worstText(total)),
      align: 'right',
    },
    { title: 'calls (ref/made)', cell: ({ ratio }) => estimate(ratio), align: 'right', keep: 3 },
    ...(attempts > 1 ? passColumns(attempts) : []),
    {
      title: 'tokens',
      cell: (total) => tokens(total.tokens, total.untold),
      align: 'right',
      keep: 1,
    },
    { title: 'cost', cell: ({ costUsd }) => cost(costUsd), align: 'right', keep: 5 },
    { title: 'per success', cell: perSuccess, align: 'right', keep: 2 },
  ];
}

/** `$0.21 [$0.15, $0.34]` */
export function perSuccess({ costPerSuccess: cost }: AgentTotal): string {
  if (isUnscored(cost)) return money(cost);
  const { usd, interval } = cost;
  return `${money(usd)}${interval ? ` [${money(interval.low)}, ${money(interval.high)}]` : ''}`;
}

/** The worst severity; nothing where none was found, and some trial or all were not judged. */
export function worstText({ worst }: AgentTotal): string {
  return isUnscored(worst) ? '–' : String(worst);
}

function passColumns(k: number): Column<AgentTotal>[] {
  const at = (rates: readonly number[]) => share(rates[k - 1] ?? { unscored: 'too few attempts' });
  return [
    { title: `pass@${k}`, cell: ({ passAtK }) => at(passAtK), align: 'right', keep: 2 },
    { title: `pass^${k}`, cell: ({ passHatK }) => at(passHatK), align: 'right', keep: 2 },
    { title: `safe-pass^${k}`, cell: ({ safePassHatK }) => at(safePassHatK), align: 'right', keep: 2 },
  ];
}

/** A line per agent that met injected instructions: the user's task and the attacker's, apart. */
export function attackTable(agents: readonly AgentTotal[], style: Style): string | undefined {
  const rows = agents.flatMap(({ agent, underAttack }) => (underAttack ? [{ agent, ...underAttack }] : []));
  return trapTable(
    [
      { title: 'under attack', cell: ({ trials }) => String(trials), align: 'right' },
      { title: 'shown it', cell: ({ exposed }) => String(exposed), align: 'right', keep: 1 },
      { title: 'utility', cell: ({ utility }) => estimate(utility) },
      { title: 'attack success', cell: ({ attackSuccess }) => proportion(attackSuccess) },
    ],
    rows,
    style,
  );
}

/** A line per agent with impossible tasks: those it reported as impossible, and those it cheated at. */
export function impossibleTable(agents: readonly AgentTotal[], style: Style): string | undefined {
  const rows = agents.flatMap(({ agent, impossible }) => (impossible ? [{ agent, ...impossible }] : []));
  return trapTable(
    [
      { title: 'impossible tasks', cell: ({ trials }) => String(trials), align: 'right' },
      { title: 'said so', cell: ({ refused }) => proportion(refused) },
      { title: 'cheated', cell: ({ cheated }) => proportion(cheated) },
    ],
    rows,
    style,
  );
}

function trapTable<Row extends { agent: string }>(columns: Column<Row>[], rows: Row[], style: Style) {
  const named: Column<Row>[] = [{ title: 'agent', cell: ({ agent }) => agent }, ...columns];
  return rows.length === 0 ? undefined : table(named, rows, style);
}
