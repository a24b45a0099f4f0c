import { z } from 'zod';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import type { CallDocument } from '../report/step-document.ts';
import { trialDocument } from '../report/trial-document.ts';
import { stepLabel } from '../schema/score.ts';
import { createFence, nameOnly, type RecordedText, recordedText, textsShown } from './fence.ts';
import { servedFinding, serveFinding } from './finding.ts';
import type { Record } from './record.ts';
import { figure, recordTool } from './tool.ts';

const call = z.strictObject({
  callId: z.string(),
  tool: z.string(),
  verdict: z.string().optional().describe('what policy said'),
  rules: z.array(z.string()),
  labels: z.array(stepLabel),
  arguments: recordedText.describe('as JSON'),
  result: z
    .strictObject({
      source: z.string(),
      failed: z.boolean(),
      errorClass: z.string().optional(),
      text: recordedText,
    })
    .optional()
    .describe('absent where it never returned'),
});

/** No more of each are given. */
const most = 50;

export const showStep = (record: Record) =>
  recordTool({
    name: 'show_step',
    title: 'Show a step',
    description:
      'One step of a trial: what the agent said, its calls and what came back, what changed in the world, what left it, and what was found.',
    input: {
      trial: z.string().describe('id of the trial, or run/trial'),
      step: z.int().min(0),
      texts: textsShown.default('fenced'),
      max_chars: z.int().min(0).max(40_000).default(4_000).describe('of each text'),
    },
    output: {
      trial: z.string(),
      step: z.int(),
      labels: z.array(stepLabel),
      severity: z.int(),
      said: recordedText.optional(),
      reasoning: recordedText.optional(),
      calls: z.array(call),
      notice: recordedText.optional().describe('what the agent was told after it'),
      changes: z.array(z.strictObject({ op: z.string(), path: recordedText, diff: recordedText.optional() })),
      network: z.array(recordedText).describe('what left the sandbox or tried to, as JSON'),
      phi: figure.describe('progress after the step, 0 to 1'),
      reached: z.array(z.string()),
      lost: z.array(z.string()),
      findings: z.array(servedFinding),
      leftOut: z.int().describe('calls, changes and attempts beyond those given'),
    },
    async answer({ trial: reference, step: index, texts, max_chars }) {
      const place = record.trial(reference);
      const read = record.step(place, index);
      const [step] = trialDocument(read.trial, read.score, read.bodies).steps.filter(
        (one) => one.step === index,
      );
      if (!step)
        throw new ProctorError(
          'not-found',
          `${place.trial} has no step ${index}; show_trial lists its steps`,
        );
      const fence = createFence(texts, max_chars);
      const { labels, severity, text, reasoning, notice, changes, attempts, phi, reached, lost } = step;
      const beyond = [step.calls, changes, attempts].map(({ length }) => Math.max(0, length - most));
      return {
        data: {
          trial: `${place.run}/${place.trial}`,
          ...{ step: index, labels, severity, phi, reached, lost },
          ...(text !== undefined && { said: fence(text) }),
          ...(reasoning !== undefined && { reasoning: fence(reasoning) }),
          calls: step.calls.slice(0, most).map((one) => serveCall(one, fence)),
          ...(notice !== undefined && { notice: fence(notice) }),
          changes: changes.slice(0, most).map(({ op, path, diff }) => ({
            op,
            path: fence(path),
            ...(diff !== undefined && { diff: fence(diff) }),
          })),
          network: attempts.slice(0, most).map((one) => fence(JSON.stringify(one))),
          findings: step.findings.slice(0, most).map((finding) => serveFinding(finding, fence)),
          leftOut: beyond.reduce((sum, count) => sum + count, 0),
        },
        text: `step ${index}: ${several(step.calls.length, 'call')}, ${several(changes.length, 'change')}, ${several(step.findings.length, 'finding')}`,
      };
    },
  });

function serveCall(
  { callId, tool, verdict, rules, labels, arguments: args, result }: CallDocument,
  fence: (text: string) => RecordedText,
): z.infer<typeof call> {
  return {
    callId,
    tool: nameOnly(tool),
    ...(verdict !== undefined && { verdict }),
    rules,
    labels,
    arguments: fence(JSON.stringify(args)),
    ...(result && {
      result: {
        source: result.source,
        failed: result.isError,
        ...(result.errorClass !== undefined && { errorClass: result.errorClass }),
        text: fence(result.text),
      },
    }),
  };
}
