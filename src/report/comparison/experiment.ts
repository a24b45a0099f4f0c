import { signed } from '../../comparison/wording.ts';
import { cost, several } from '../../format.ts';
import type { Experiment, Forks, SwappedTask, ValuedTrial } from '../../schema/experiment.ts';
import { isUnscored } from '../../schema/score.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

/** What the forks of an experiment say, as text. */
export function renderExperiment(experiment: Experiment, style: Style): string {
  const { tasks, values, leftOut, runs } = experiment;
  const parts = [
    style.colors.bold(`Experiment: A is ${experiment.a}, B is ${experiment.b}`),
    splitLines(experiment),
    tasks.length > 0 && swapTable(tasks, style),
    ...values.map((trial) => valueLines(trial, style)),
    leftOut.map(({ task, reason }) => `left out: ${task}: ${reason}`).join('\n'),
    spentLine(experiment),
    runs.length > 0 && `recorded in ${runs.join(', ')}`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

const points = (share: number) => `${signed(share, 'share')} points`;

function splitLines({ split }: Experiment): string {
  if (isUnscored(split)) return `The gap can't be split: ${split.unscored}.`;
  const { gap, prefix, suffix, interaction, tasks, descriptive } = split;
  const lines = [
    line('B − A in completion', gap),
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
  const range = interval ? ` (${points(interval.low)} to ${points(interval.high)})` : '';
  const part = gap ? `, ${`${Math.round((mean / gap) * 100)}`.replace('-', '−')} % of it` : '';
  return `${what}: ${points(mean)}${range}${part}`;
}

const rate = ({ succeeded, of, diverged }: Forks) =>
  `${succeeded}/${of}${diverged > 0 ? ` (${diverged} diverged)` : ''}`;

function swapTable(tasks: readonly SwappedTask[], style: Style): string {
  const part = (name: 'prefix' | 'suffix') => ({
    title: name === 'prefix' ? 'before' : 'after',
    align: 'right' as const,
    cell: ({ parts }: SwappedTask) => (isUnscored(parts) ? '–' : points(parts[name])),
  });
  return table<SwappedTask>(
    [
      { title: 'task', cell: ({ task }) => task },
      {
        title: 'cut after',
        cell: ({ after, parting }) => `step ${after}${parting ? ', where they part' : ''}`,
        keep: 1,
      },
      { title: 'A, A', cell: ({ forks }) => rate(forks.aa), align: 'right' },
      { title: 'A, B', cell: ({ forks }) => rate(forks.ab), align: 'right' },
      { title: 'B, A', cell: ({ forks }) => rate(forks.ba), align: 'right' },
      { title: 'B, B', cell: ({ forks }) => rate(forks.bb), align: 'right' },
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
    return `  after step ${step.step}: ${rate(step)} succeeded${range}${mark}`;
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
