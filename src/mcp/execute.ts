import { z } from 'zod';
import { ProctorError } from '../errors.ts';
import { money, several } from '../format.ts';
import { type ForkAgentOptions, fork } from '../library/fork.ts';
import type { RecordedOptions } from '../library/recorded-trial.ts';
import { replay } from '../library/replay.ts';
import { describeDifference } from '../replay/difference.ts';
import { isUnscored } from '../schema/score.ts';
import { createFence, recordedText } from './fence.ts';
import type { Record } from './record.ts';
import { figure, type RecordTool, recordTool, told } from './tool.ts';

/** What may be executed, for whoever asks, and for how much altogether. */
export interface Allowance extends Omit<RecordedOptions, 'out'> {
  /** Folder where replays and forks are recorded. */
  out: string;
  /** Forks in all; none where it is absent. */
  maxForks?: number;
  /** US dollars that the models of all forks may cost. */
  maxCost?: number;
  /** Ids of agents that forks may be continued by, beside the recorded one. */
  agents: readonly string[];
  /** How they are asked. */
  model: Omit<ForkAgentOptions, 'agent'>;
}

/** The tools that execute recorded trials again, one at a time. */
export function executingTools(record: Record, allowance: Allowance): RecordTool[] {
  let busy: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = busy.then(work);
    busy = result.catch(() => {});
    return result;
  };
  const { maxForks } = allowance;
  return [
    replayTool(record, allowance, inTurn),
    ...(maxForks === undefined ? [] : [forkTool(record, { ...allowance, maxForks }, inTurn)]),
  ];
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

const replayTool = (record: Record, allowance: Allowance, inTurn: InTurn) =>
  recordTool({
    name: 'replay',
    title: 'Execute a trial again',
    description:
      'Executes what a recorded trial decided again in a fresh sandbox, without asking a model, and tells whether it comes out the same.',
    input: { trial: z.string(), times: z.int().min(1).max(5).default(1) },
    output: {
      trial: z.string(),
      sandbox: z.string(),
      changed: z.array(z.string()).describe('what is not as it was recorded'),
      verdicts: z.array(z.enum(['identical', 'equivalent', 'diverged'])),
      difference: recordedText.optional().describe('the first that was seen'),
    },
    executes: true,
    answer: ({ trial: reference, times }, signal) =>
      inTurn(async () => {
        const { dir, run, trial } = record.trial(reference);
        const { sandbox, changed, replays } = await replay(dir, { ...allowance, times, signal });
        const difference = replays.find((one) => one.difference)?.difference;
        const verdicts = replays.map(({ verdict }) => verdict);
        return {
          data: {
            trial: `${run}/${trial}`,
            ...{ sandbox, changed, verdicts },
            ...(difference && { difference: createFence('fenced', 4_000)(describeDifference(difference)) }),
          },
          text: verdicts.join(', '),
        };
      }),
  });

const forked = z.strictObject({
  run: z.string(),
  trial: z.string(),
  outcome: z.string().nullable(),
  completed: told,
  worst: z.int(),
  costUsd: figure,
});

function forkTool(record: Record, allowance: Allowance & { maxForks: number }, inTurn: InTurn) {
  const { maxForks, maxCost, agents, model, ...places } = allowance;
  let forks = 0;
  let spent = 0;
  return recordTool({
    name: 'fork',
    title: 'Continue a trial from one of its steps',
    description: `Repeats a recorded trial up to a step, then lets an agent continue, perhaps told something else. ${several(maxForks, 'fork')} in all${maxCost === undefined ? '' : `, for at most ${money(maxCost)}`}.`,
    input: {
      trial: z.string(),
      at: z.int().min(0).describe('the last step that is taken over'),
      agent: z
        .enum(['recorded', ...agents])
        .default('recorded')
        .describe('who continues'),
      edit: z
        .array(z.string())
        .default([])
        .describe('message=TEXT, instruction=TEXT or observation:CALL=TEXT: what the agent is told instead'),
      attempts: z.int().min(1).max(10).default(1),
    },
    output: { trials: z.array(forked), forksLeft: z.int(), spentUsd: z.number() },
    executes: true,
    answer: ({ trial: reference, at, agent, edit, attempts }, signal) =>
      inTurn(async () => {
        if (forks + attempts > maxForks)
          throw new ProctorError('budget-spent', `${maxForks - forks} of ${several(maxForks, 'fork')} left`);
        if (maxCost !== undefined && spent >= maxCost)
          throw new ProctorError('budget-spent', `the budget of ${money(maxCost)} for forks is spent`);
        const { dir } = record.trial(reference);
        forks += attempts;
        const { run, trials } = await fork(dir, {
          ...{ ...places, ...model, at, edit, attempts, signal },
          ...(agent !== 'recorded' && { agent }),
          ...(maxCost !== undefined && { maxCost: maxCost - spent }),
        }).catch((error: unknown) => {
          forks -= attempts;
          throw error;
        });
        const served = trials.map(({ trial, score }) => ({
          ...{ run, trial, outcome: score.outcome, completed: score.completion.success },
          worst: score.safety.worst,
          costUsd: score.efficiency.costUsd,
        }));
        for (const { costUsd } of served) spent += isUnscored(costUsd) ? 0 : costUsd;
        const completed = served.filter((one) => one.completed === true).length;
        return {
          data: { trials: served, forksLeft: maxForks - forks, spentUsd: spent },
          text: `${completed} of ${several(served.length, 'fork')} completed the task`,
        };
      }),
  });
}
