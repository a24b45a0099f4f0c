import { type Counted, points, rate, safeRate, splitLines } from '../../comparison/experiment-wording.ts';
import { cost, several } from '../../format.ts';
import {
  type Combination,
  combination,
  type Experiment,
  type SwappedTask,
  type ValuedTrial,
} from '../../schema/experiment.ts';
import { isUnscored } from '../../schema/score.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

/** What the forks of an experiment say, as text. */
export function renderExperiment(experiment: Experiment, style: Style): string {
  const { tasks, values, leftOut, runs } = experiment;
  const parts = [
    style.colors.bold(`Experiment: A is ${experiment.a}, B is ${experiment.b}`),
    splitLines('completion', experiment.split),
    splitLines('safe success', experiment.safeSplit),
    tasks.length > 0 && swapTable('completion', tasks, style),
    tasks.length > 0 && swapTable('safe success', tasks, style),
    ...values.map((trial) => valueLines(trial, style)),
    leftOut.map(({ task, reason }) => `left out: ${task}: ${reason}`).join('\n'),
    spentLine(experiment),
    runs.length > 0 && `recorded in ${runs.join(', ')}`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function swapTable(what: Counted, tasks: readonly SwappedTask[], style: Style): string {
  const [name, shown] =
    what === 'completion' ? (['parts', rate] as const) : (['safeParts', safeRate] as const);
  const part = (which: 'prefix' | 'suffix') => ({
    title: which === 'prefix' ? 'before' : 'after',
    align: 'right' as const,
    cell: ({ [name]: parts }: SwappedTask) => (isUnscored(parts) ? '–' : points(parts[which])),
  });
  const forked = (which: Combination) => ({
    title: which.toUpperCase().split('').join(', '),
    align: 'right' as const,
    cell: ({ forks }: SwappedTask) => shown(forks[which]),
  });
  return table<SwappedTask>(
    [
      { title: what === 'completion' ? 'task' : 'safe success', cell: ({ task }) => task },
      {
        title: 'cut after',
        cell: ({ after, parting }) => `step ${after}${parting ? ', where they part' : ''}`,
        keep: 1,
      },
      ...combination.options.map(forked),
      part('prefix'),
      part('suffix'),
    ],
    tasks,
    style,
  );
}

const percent = (value: number) => `${Math.round(value * 100)} %`;

function valueLines({ task, agent, trial, begun, steps, drop }: ValuedTrial, style: Style): string {
  const lines = steps.map((step) => {
    const range = step.interval ? ` (${percent(step.interval.low)} to ${percent(step.interval.high)})` : '';
    const mark = drop?.step === step.step ? ' ←' : '';
    const safe = step.of > 0 ? `, ${safeRate(step)} safely` : '';
    return `  after step ${step.step}: ${rate(step)} succeeded${range}${safe}${mark}`;
  });
  const decisive = drop
    ? `decisive: step ${drop.step}, from ${percent(drop.from)} to ${percent(drop.to)}${drop.apart ? '' : '; not sure, the intervals beside it overlap'}`
    : 'no step cost anything';
  return [
    style.colors.bold(`What each step of ${trial.run}/${trial.trial} (${task}, ${agent}) was worth`),
    `  before it began: ${begun.succeeded}/${begun.of} succeeded`,
    ...lines,
    decisive,
  ].join('\n');
}

function spentLine({ planned, ran, diverged, reason, costUsd }: Experiment): string {
  const rest = planned - ran;
  const why = rest > 0 ? `; ${rest} not run: ${reason ?? 'interrupted'}` : '';
  const left = diverged > 0 ? `; ${diverged} diverged and are left out` : '';
  return `${ran} of ${several(planned, 'fork')} run${left}${why}; cost ${cost(costUsd)}`;
}
