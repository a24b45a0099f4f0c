import { money, several, share } from '../format.ts';
import type { Bank, BankTask } from '../schema/bank.ts';
import { information, trialsForError } from '../statistic/item-response.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** A bank for the terminal: its agents, its tasks from easy to hard, and what it rests on. */
export function renderBank(bank: Bank, style: Style): string {
  const tasks = [...bank.tasks].sort((a, b) => a.difficulty - b.difficulty);
  const agents = [...bank.agents].sort((a, b) => b.ability - a.ability);
  return [
    table<Bank['agents'][number]>(
      [
        { title: 'agent', cell: ({ agent }) => agent },
        { title: 'ability', cell: ({ ability, error }) => within(ability, error), align: 'right' },
        { title: 'tasks', cell: (one) => String(one.tasks), align: 'right' },
        { title: 'trials', cell: ({ trials }) => String(trials), align: 'right' },
        { title: 'passed', cell: ({ passed }) => share(passed), align: 'right' },
      ],
      agents,
      style,
    ),
    table<BankTask>(
      [
        { title: 'task', cell: (one) => nameOf(one, bank) },
        { title: 'difficulty', cell: ({ difficulty, error }) => within(difficulty, error), align: 'right' },
        { title: 'agents', cell: (one) => String(one.agents), align: 'right' },
        { title: 'trials', cell: ({ trials }) => String(trials), align: 'right' },
        { title: 'passed', cell: ({ passed }) => share(passed), align: 'right' },
        { title: 'cost', cell: ({ costUsd }) => money(costUsd), align: 'right' },
      ],
      tasks,
      style,
    ),
    notes(bank).join('\n'),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

const within = (value: number, error: number) => `${value.toFixed(2)} ± ${error.toFixed(2)}`;

/** Versions of one task are told apart by their digests. */
function nameOf({ task, digest }: BankTask, { tasks }: Bank): string {
  const versions = tasks.filter((one) => one.task === task);
  return versions.length > 1 ? `${task} (${digest.slice(0, 8)})` : task;
}

function notes({ agents, tasks, trials, infrastructureErrors, unscored, alike, abilities }: Bank): string[] {
  const leftOut = [
    ...(infrastructureErrors > 0 ? [several(infrastructureErrors, 'infrastructure error')] : []),
    ...(unscored > 0 ? [`${several(unscored, 'trial')} without a score`] : []),
  ];
  const versions = tasks.length - new Set(tasks.map(({ task }) => task)).size;
  const each = information(0, { difficulty: 0 });
  const least = trialsForError(0.3, each, abilities.sd);
  return [
    `Rests on ${several(agents.length, 'agent')} and ${several(trials, 'trial')} of ${several(tasks.length, 'task')}${leftOut.length > 0 ? `; ${leftOut.join(' and ')} left out` : ''}.`,
    ...(agents.length < 5
      ? ['So few agents tell little of how hard a task is; each more makes it surer.']
      : []),
    ...(versions > 0
      ? [
          'Some tasks changed between these runs; each version is a task of its own, and only today’s is chosen.',
        ]
      : []),
    ...(alike === undefined
      ? []
      : [
          `Trials of one agent at one task are alike by ${alike.toFixed(2)} (0: as those of different tasks, 1: always the same).`,
        ]),
    `In logits: at a difficulty of one’s ability half of the trials pass, one logit below it 73 %. An ability to ± 0.30 takes at least ${several(least, 'task')}.`,
  ];
}
