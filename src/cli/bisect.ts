import type { Agent } from '../agent/agent.ts';
import { restartedAgent } from '../agent/handover.ts';
import { oracleAgent } from '../agent/oracle.ts';
import { ProctorError } from '../errors.ts';
import { decimal, money } from '../format.ts';
import { type ForkAgentOptions, type ForkRunOptions, forkAgent, runFork } from '../library/fork.ts';
import { openRecordedTrial } from '../library/recorded-trial.ts';
import { reportOf } from '../library/run-report.ts';
import { type Bisection, bisect, type Probed } from '../replay/bisect.ts';
import { editsOf } from '../replay/edit.ts';
import type { Fork } from '../replay/fork.ts';
import type { Recording, Reloaded } from '../replay/recording.ts';
import { isUnscored } from '../schema/score.ts';
import { scoreTrace } from '../scored-trace.ts';
import { executed } from './execute-run.ts';
import { print, say } from './print.ts';
import { requireEnd, requireReadable } from './result.ts';

interface BisectFlags extends Omit<ForkAgentOptions, 'agent'>, ForkRunOptions {
  agent?: string;
  json?: boolean;
  log?: string;
}

/** `proctor bisect`: finds the step of a failed trial after which it could no longer be saved. */
export async function findDecisiveStep(reference: string, flags: BisectFlags): Promise<void> {
  const { recording, reloaded } = openRecordedTrial(reference, flags, say);
  if (scoreTrace(recording.dir).score.completion.success === true)
    throw new ProctorError('bad-flag', `${recording.name} did not fail; there is no decisive step to find`);
  const oracle = oracleAgent();
  const { agent = oracle.id } = flags;
  const rescuer = agent === oracle.id ? undefined : forkAgent(recording, { ...flags, agent, say });
  if (!rescuer) await oracle.check?.([{ name: reloaded.task.name, dir: reloaded.task.dir }]);
  let spent = 0;
  const found = await bisect(recording.trial.steps.length, async (step) => {
    if (!flags.json) say(`asking step ${step} …`);
    const result = await forksAfter(
      step,
      { recording, reloaded, rescuer },
      { ...flags, ...left(flags, spent) },
    );
    spent += result.costUsd;
    return result;
  });
  const by = rescuer?.id ?? 'the reference';
  print(flags.json, { trace: recording.dir, rescuer: by, ...found }, () => page(recording, by, found));
}

function left({ maxCost }: BisectFlags, spent: number): { maxCost?: number } {
  if (maxCost === undefined) return {};
  if (spent >= maxCost)
    throw new ProctorError(
      'gate-not-met',
      `--max-cost ${maxCost}: used up before the decisive step was found`,
    );
  return { maxCost: maxCost - spent };
}

interface Case {
  recording: Recording;
  reloaded: Reloaded;
  /** Absent for the reference. */
  rescuer: Agent | undefined;
}

/** The reference plays from its own beginning, without a limit on steps, and always does the same. */
async function forksAfter(step: number, { recording, reloaded, rescuer }: Case, flags: BisectFlags) {
  const steps = step + 1;
  const { steps: _, ...unhurried } = recording.trial.started.limits;
  const fork: Fork = {
    steps,
    agent: rescuer ?? restartedAgent(oracleAgent(), steps),
    edits: editsOf(recording, steps),
    despiteDivergence: false,
    ...(!rescuer && { limits: unhurried }),
  };
  const { run, dir } = await runFork({ recording, reloaded }, fork, {
    ...flags,
    ...(!rescuer && { attempts: 1 }),
    kind: 'bisect',
    execute: executed({ ...flags, quiet: () => true }),
  });
  requireEnd(run, dir);
  const report = reportOf(run, dir);
  requireReadable(report);
  const { trials } = report;
  const unjudged = trials.find(({ score }) => isUnscored(score.completion.success));
  if (unjudged)
    throw new ProctorError(
      'diverged',
      `the fork after step ${step} could not be judged: ${unjudged.error?.message ?? unjudged.score.outcome}`,
    );
  const costs = trials.map(({ score }) => score.efficiency.costUsd);
  return {
    succeeded: trials.filter(({ score }) => score.completion.success === true).length,
    attempts: trials.length,
    costUsd: costs.reduce<number>((sum, cost) => sum + (typeof cost === 'number' ? cost : 0), 0),
  };
}

function page(
  { trial, name }: Recording,
  by: string,
  { decisive, probed, apart, costUsd }: Bisection,
): string {
  const calls = trial.steps[decisive]?.calls.map(({ tool }) => tool).join(', ') ?? '';
  const certain = by === 'the reference';
  return `${[
    `${name} (${trial.started.task.name}, ${trial.started.agent.id}), ${trial.steps.length} steps, rescued by ${by}`,
    ...[...probed].sort((a, b) => a.step - b.step).map(lineOf),
    `decisive: step ${decisive} (${calls || 'no call'}); before it success is reached, after it no longer`,
    certain
      ? 'the reference always does the same, so each step was asked once'
      : apart
        ? 'the intervals beside it keep apart'
        : 'not sure: the intervals beside it overlap; ask more often with --attempts',
    `cost ${money(costUsd)}`,
  ].join('\n')}\n`;
}

function lineOf({ step, succeeded, attempts, interval }: Probed): string {
  const range = attempts > 1 ? ` ${decimal.range(interval.low, interval.high)}` : '';
  return `  after step ${step}: ${succeeded} of ${attempts} succeeded${range}`;
}
