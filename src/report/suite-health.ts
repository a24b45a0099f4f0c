import { several, share } from '../format.ts';
import { isUnscored } from '../schema/score.ts';
import type { SplitGap, SuiteHealth, TaskHealth } from '../schema/suite-health.ts';
import { seenFlaky } from '../statistic/flake.ts';
import { askedLine } from './asked.ts';
import { rowsOf } from './markdown-table.ts';
import { inline } from './markdown-text.ts';
import type { Style } from './style.ts';
import { type Column, table } from './table.ts';

/** The health of a suite for the terminal: what is to be looked at first, then every task, then the suite. */
export function renderHealth(health: SuiteHealth, style: Style): string {
  const flagged = flaggedTasks(health);
  return [
    table(taskColumns(health), byDifficulty(health), style),
    ...(flagged.length > 0
      ? [[style.colors.bold('to be looked at'), ...flagged.map((line) => `  ${line}`)].join('\n')]
      : []),
    ...(isUnscored(health.split) ? [] : [table(splitColumns, health.split, style)]),
    suiteLines(health).join('\n'),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

/** The same in Markdown, for a report or a pull request. */
export function healthMarkdown(health: SuiteHealth): string {
  const flagged = flaggedTasks(health);
  const list = (lines: readonly string[]) => lines.map((line) => `- ${inline(line)}`).join('\n');
  return `${[
    '### Health of the suite',
    list(suiteLines(health)),
    ...(flagged.length > 0 ? [`To be looked at:\n${list(flagged)}`] : []),
    ...(isUnscored(health.split) ? [] : [rowsOf(splitColumns, health.split)]),
    rowsOf(taskColumns(health), byDifficulty(health)),
  ].join('\n\n')}\n`;
}

const byDifficulty = ({ tasks }: SuiteHealth) => [...tasks].sort((a, b) => placeOf(a) - placeOf(b));

/** Where no difficulty is told, none is. */
const placeOf = ({ difficulty }: TaskHealth) => (isUnscored(difficulty) ? 0 : difficulty.value);

/** Versions of one task are told apart by their digests. */
function nameOf({ task, digest }: TaskHealth, { tasks }: SuiteHealth): string {
  const versions = tasks.filter((one) => one.task === task);
  return versions.length > 1 ? `${task} (${digest.slice(0, 8)})` : task;
}

const taskColumns = (health: SuiteHealth): Column<TaskHealth>[] => [
  { title: 'task', cell: (task) => nameOf(task, health) },
  { title: 'agents', cell: ({ agents }) => String(agents), align: 'right' },
  { title: 'trials', cell: ({ trials }) => String(trials), align: 'right' },
  { title: 'passed', cell: ({ passed }) => share(passed), align: 'right' },
  {
    title: 'difficulty',
    cell: ({ difficulty }) =>
      isUnscored(difficulty) ? '–' : `${difficulty.value.toFixed(2)} ± ${difficulty.error.toFixed(2)}`,
    align: 'right',
  },
  {
    title: 'discrimination',
    cell: ({ discrimination }) => (isUnscored(discrimination) ? '–' : discrimination.toFixed(2)),
    align: 'right',
  },
  {
    title: 'goes both ways',
    cell: ({ flaky }) => (isUnscored(flaky) ? '–' : flaky.rate === 0 ? 'no' : share(flaky.rate)),
    align: 'right',
  },
  { title: '', cell: ({ flags }) => flags.map(({ kind }) => kind).join(', ') },
];

function flaggedTasks(health: SuiteHealth): string[] {
  return byDifficulty(health).flatMap((task) =>
    task.flags.map(({ kind, advice, why }) => `${advice} ${nameOf(task, health)}: ${kind}, ${why}`),
  );
}

const splitColumns: Column<SplitGap>[] = [
  { title: 'agent', cell: ({ agent }) => agent },
  { title: 'public', cell: (one) => `${share(one.public.mean)} of ${one.public.tasks}`, align: 'right' },
  { title: 'private', cell: (one) => `${share(one.private.mean)} of ${one.private.tasks}`, align: 'right' },
  {
    title: 'gap',
    cell: ({ gap, interval: { low, high } }) => `${gap.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
    align: 'right',
  },
  { title: 'p', cell: ({ p }) => p.toFixed(3), align: 'right' },
];

const fewAgents = 10;

function suiteLines(health: SuiteHealth): string[] {
  const { agents, trials, tasks, common, whole, attempts, infrastructureErrors, unscored } = health;
  const leftOut = infrastructureErrors + unscored;
  return [
    `Rests on ${several(agents.length, 'agent')} and ${several(trials, 'trial')} of ${several(tasks.length, 'task')}, ${common} of which ${whole < agents.length ? `all ${several(whole, 'agent')} that were scored at more than half of them` : 'every agent'} ${whole < agents.length ? 'were' : 'was'} scored at${leftOut > 0 ? `; left out: ${several(infrastructureErrors, 'infrastructure error')}, ${several(unscored, 'trial')} without a score` : ''}.`,
    ...(agents.length < fewAgents
      ? [`With fewer than ${fewAgents} agents, nothing is advised but to look.`]
      : []),
    ...difficultyLines(health),
    reliabilityLine(health),
    saturationLine(health),
    isUnscored(health.pairs)
      ? `Pairs of agents: ${health.pairs.unscored}.`
      : `${health.pairs.separable} of ${several(health.pairs.of, 'pair')} of agents can be told apart (after Holm’s correction).`,
    attempts > 1
      ? `A task that an agent passes in four trials of five is seen to go both ways by ${several(attempts, 'trial')} with a chance of ${share(seenFlaky(0.8, attempts))}.`
      : 'No agent was tried twice at a task, so that nothing is known of tasks that go both ways.',
    isUnscored(health.split)
      ? `Public against private: ${health.split.unscored}.`
      : 'Public against private: different tasks, so that a gap may be one of difficulty.',
    ...(health.asked ?? []).map(askedLine),
  ];
}

/** Why no difficulty is told, where none is. */
function difficultyLines({ tasks }: SuiteHealth): string[] {
  const reasons = tasks.flatMap(({ difficulty }) => (isUnscored(difficulty) ? [difficulty.unscored] : []));
  return [...new Set(reasons)].map((reason) => `Difficulty: can’t be told, since ${reason}.`);
}

function reliabilityLine({ reliability }: SuiteHealth): string {
  if (isUnscored(reliability)) return `Reliability: ${reliability.unscored}.`;
  const { value, twice, half } = reliability;
  return `Reliability (KR-20) ${value.toFixed(2)}; twice as many such tasks would have ${twice.toFixed(2)}, half as many ${half.toFixed(2)}.`;
}

function saturationLine({ saturation }: SuiteHealth): string {
  if (isUnscored(saturation)) return `Saturation: ${saturation.unscored}.`;
  const { index, level, best, fifth } = saturation;
  return `Saturation ${level} (index ${index.toFixed(2)}): the best agent completes ${share(best)}, the fifth ${share(fifth)}.`;
}
