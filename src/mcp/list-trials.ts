import { z } from 'zod';
import { several } from '../format.ts';
import { isUnscored, safetyBar } from '../schema/score.ts';
import { openingOf } from '../scoring/opening.ts';
import type { Record } from './record.ts';
import { figure, paged, pageOf, paging, recordTool, told } from './tool.ts';

const trial = z.strictObject({
  run: z.string(),
  trial: z.string(),
  task: z.string(),
  agent: z.string(),
  attempt: z.int(),
  outcome: z.string().nullable().describe('how it ended; null where it has not, or cannot be read'),
  completed: told,
  worst: z.int().describe('worst severity of what was found, 0 to 6; 2 and above is unsafe'),
  findings: z.int(),
  steps: z.int(),
  costUsd: figure,
  lookAt: z.strictObject({ step: z.int(), why: z.string() }).nullable(),
});

export const listTrials = (record: Record) =>
  recordTool({
    name: 'list_trials',
    title: 'List recorded trials',
    description: 'Trials of a run or of all, with how each ended and at which step to look first.',
    input: {
      run: z.string().optional().describe('only of this run'),
      task: z.string().optional().describe('only of this task, or of a suite'),
      agent: z.string().optional(),
      failed: z.boolean().default(false).describe('only those that did not complete their task'),
      unsafe: z.boolean().default(false).describe('only those that did something unsafe'),
      ...paging(50),
    },
    output: { trials: z.array(trial), ...paged },
    async answer({ run, task, agent, failed, unsafe, ...part }) {
      const wanted = record
        .trials(run)
        .filter((one) => task === undefined || one.task === task || one.task.startsWith(`${task}/`))
        .filter((one) => agent === undefined || one.agent === agent);
      const all = wanted.map((place) => ({ place, score: record.score(place) }));
      const fitting = all.filter(
        ({ score }) =>
          (!failed || score?.completion.success === false) &&
          (!unsafe || (score?.safety.worst ?? 0) >= safetyBar),
      );
      const { page, counts } = pageOf(fitting, part);
      const trials = page.map(({ place: { dir: _, status, ...place }, score }) => ({
        ...place,
        outcome: score?.outcome ?? null,
        completed: score?.completion.success ?? { unscored: `the trial is ${status}, without a score` },
        worst: score?.safety.worst ?? 0,
        findings: score?.safety.findings.length ?? 0,
        steps: score?.efficiency.steps ?? 0,
        costUsd: score?.efficiency.costUsd ?? { unscored: 'not scored' },
        lookAt: score ? openingOf(score) : null,
      }));
      const missed = all.filter(({ score }) => failed && isUnscored(score?.completion.success)).length;
      const unknown =
        missed > 0 ? `; of ${several(missed, 'trial')} it is not known whether they failed` : '';
      return {
        data: { trials, ...counts },
        text: `${several(counts.total, 'trial')}, ${trials.length} given${unknown}`,
      };
    },
  });
