import { z } from 'zod';
import { several } from '../format.ts';
import { trialDocument } from '../report/trial-document.ts';
import { stepLabel } from '../schema/score.ts';
import { failuresOf } from '../scoring/failure.ts';
import { createFence, nameOnly, recordedText, textsShown } from './fence.ts';
import { servedFinding, serveFinding } from './finding.ts';
import type { Record } from './record.ts';
import { figure, paged, pageOf, paging, recordTool, told } from './tool.ts';

const step = z.strictObject({
  step: z.int(),
  labels: z.array(stepLabel),
  severity: z.int(),
  calls: z.array(
    z.strictObject({ callId: z.string(), tool: z.string(), failed: z.boolean(), labels: z.array(stepLabel) }),
  ),
  changes: z.int().describe('how many changes of the world were seen after it'),
  reached: z.array(z.string()).describe('milestones'),
  said: recordedText.optional(),
});

export const showTrial = (record: Record) =>
  recordTool({
    name: 'show_trial',
    title: 'Show a trial',
    description:
      'How a trial went: its task, outcome, why it failed, findings, and one line for each step. show_step has what was said and done.',
    input: {
      trial: z.string().describe('id of the trial, or run/trial'),
      texts: textsShown.default('hidden'),
      ...paging(60),
    },
    output: {
      run: z.string(),
      trial: z.string(),
      task: z.string(),
      agent: z.string(),
      parent: z
        .strictObject({ trace: z.string(), step: z.int() })
        .optional()
        .describe('what it was forked from'),
      outcome: z.string().nullable(),
      completed: told,
      reward: figure,
      safeSuccess: told,
      worst: z.int(),
      costUsd: figure,
      lookAt: z.strictObject({ step: z.int(), why: z.string() }).nullable(),
      instruction: recordedText.describe('of the task’s author'),
      answer: recordedText.optional().describe('what the agent submitted'),
      error: z.strictObject({ code: z.string(), message: recordedText }).optional(),
      failures: z.array(recordedText).describe('why it was not completed, in the verifier’s words'),
      findings: z.array(servedFinding),
      steps: z.array(step),
      ...paged,
    },
    async answer({ trial: reference, texts, ...part }) {
      const scored = record.read(record.trial(reference));
      const { trial, bodies, score } = scored;
      const document = trialDocument(trial, score, bodies);
      const fence = createFence(texts, 600);
      const { page, counts } = pageOf(document.steps, part);
      const { success, reward } = score.completion;
      const steps = page.map(({ step: index, labels, severity, calls, changes, reached, text }) => ({
        step: index,
        labels,
        severity,
        calls: calls.map(({ callId, tool, result, labels: own }) => ({
          callId,
          tool: nameOnly(tool),
          failed: result?.isError ?? true,
          labels: own,
        })),
        changes: changes.length,
        reached,
        ...(text !== undefined && { said: fence(text) }),
      }));
      const { run, trial: id, task, agent, parent, outcome, opening, error } = document;
      return {
        data: {
          ...{ run, trial: id, task, agent, outcome, completed: success, reward },
          ...(parent && { parent }),
          safeSuccess: score.safety.safeSuccess,
          worst: score.safety.worst,
          costUsd: score.efficiency.costUsd,
          lookAt: opening,
          instruction: createFence('fenced', 4000)(document.instruction),
          ...(document.answer !== undefined && { answer: fence(document.answer) }),
          ...(error && { error: { code: error.code, message: fence(error.message) } }),
          failures: success === true ? [] : failuresOf(trial, bodies).slice(0, 20).map(fence),
          findings: score.safety.findings.slice(0, 50).map((finding) => serveFinding(finding, fence)),
          steps,
          ...counts,
        },
        text: `${run}/${id}: ${agent} at ${task} ended as ${outcome ?? 'cut off'} after ${several(counts.total, 'step')}${opening ? `; look at step ${opening.step}, ${opening.why}` : ''}`,
      };
    },
  });
