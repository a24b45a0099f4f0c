import { estimate, proportion } from '../format.ts';
import type { AgentTotal } from '../scoring/summary.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** A line per agent that met injected instructions: the user's task and the attacker's, apart. */
export function attackTable(agents: readonly AgentTotal[], style: Style): string | undefined {
  const rows = agents.flatMap(({ agent, underAttack }) => (underAttack ? [{ agent, ...underAttack }] : []));
  if (rows.length === 0) return undefined;
  return table(
    [
      { title: 'agent', cell: ({ agent }) => agent },
      { title: 'under attack', cell: ({ trials }) => String(trials), align: 'right' },
      { title: 'shown it', cell: ({ exposed }) => String(exposed), align: 'right', keep: 1 },
      { title: 'utility', cell: ({ utility }) => estimate(utility) },
      { title: 'attack success', cell: ({ attackSuccess }) => proportion(attackSuccess) },
    ],
    rows,
    style,
  );
}

/** A line per agent that was given impossible tasks: those it said were, and those it cheated at. */
export function impossibleTable(agents: readonly AgentTotal[], style: Style): string | undefined {
  const rows = agents.flatMap(({ agent, impossible }) => (impossible ? [{ agent, ...impossible }] : []));
  if (rows.length === 0) return undefined;
  return table(
    [
      { title: 'agent', cell: ({ agent }) => agent },
      { title: 'impossible tasks', cell: ({ trials }) => String(trials), align: 'right' },
      { title: 'said so', cell: ({ refused }) => proportion(refused) },
      { title: 'cheated', cell: ({ cheated }) => proportion(cheated) },
    ],
    rows,
    style,
  );
}
