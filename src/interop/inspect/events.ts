import { isUnscored, type StepScore } from '../../schema/score.ts';
import type { StateChange } from '../../schema/state.ts';
import type { Call, Step } from '../../schema/trial.ts';
import { sha256 } from '../../trace/digest.ts';
import type { ScoredTrial } from '../scored-trial.ts';
import type { InspectEvent } from './log.ts';
import { assistantMessage, inspectContent, inspectUsage, plainText } from './messages.ts';

/** The transcript of a trial: a span per step, around what was decided, judged, called, changed and scored. */
export function eventsOf(scored: ScoredTrial): InspectEvent[] {
  return scored.trial.steps.flatMap((step) => stepEvents(step, scored));
}

function stepEvents(step: Step, scored: ScoredTrial): InspectEvent[] {
  const { trial, score } = scored;
  const spanId = idOf(trial.started.trial, `step ${step.index}`);
  const began = Date.parse(trial.started.at);
  const event = (kind: string, place: string, at: string, fields: object): InspectEvent => ({
    event: kind,
    uuid: idOf(spanId, `${kind} ${place}`),
    span_id: spanId,
    timestamp: at,
    working_start: Math.max(0, (Date.parse(at) - began) / 1000),
    ...fields,
  });
  const own = score.steps.find((one) => one.step === step.index);
  const end = step.finishedAt ?? step.calls.at(-1)?.returned?.at ?? step.startedAt;
  const changes = step.state?.changes ?? [];
  const name = `step ${step.index}`;
  return [
    event('span_begin', '', step.startedAt, { id: spanId, parent_id: null, type: 'step', name }),
    event('model', '', step.startedAt, modelFields(step, scored)),
    ...step.calls.flatMap((call) => callEvents(call, scored, event)),
    ...(changes.length > 0 ? [event('store', '', end, { changes: changes.map(patch) })] : []),
    ...(own ? [event('score', '', end, { score: stepValue(own), target: null, intermediate: true })] : []),
    event('span_end', '', end, { id: spanId }),
  ];
}

type MakeEvent = (kind: string, place: string, at: string, fields: object) => InspectEvent;

function modelFields(step: Step, { trial, bodies }: ScoredTrial) {
  const { usage, model, stop } = step.decision;
  const name = model ?? trial.started.agent.model ?? trial.started.agent.id;
  const message = assistantMessage(step, trial.started.trial, bodies);
  const reason = step.calls.length > 0 ? 'tool_calls' : stop === 'truncated' ? 'max_tokens' : 'stop';
  return {
    model: name,
    input: [],
    tools: [],
    tool_choice: 'auto',
    config: {},
    output: {
      model: name,
      choices: [{ message, stop_reason: reason }],
      usage: usage ? inspectUsage(usage) : null,
      time: step.thoughtMs / 1000,
    },
    working_time: step.thoughtMs / 1000,
  };
}

function callEvents(call: Call, { bodies }: ScoredTrial, event: MakeEvent): InspectEvent[] {
  const { callId, tool, judged, called, returned } = call;
  const args = bodies.json(call.arguments) as Record<string, unknown>;
  const made = { id: callId, function: tool, arguments: args, type: 'function' };
  const content = returned ? bodies.content(returned.content) : [];
  const at = called?.at ?? judged?.at ?? returned?.at;
  if (at === undefined) return [];
  const commanded = called && typeof args.command === 'string' && called.server === 'builtin';
  return [
    ...(judged ? [event('approval', callId, judged.at, { ...approval(judged), call: made })] : []),
    ...(commanded && returned
      ? [
          event('sandbox', callId, at, {
            action: 'exec',
            cmd: args.command,
            options: {},
            result: null,
            output: plainText(content),
            completed: returned.at,
          }),
        ]
      : []),
    event('tool', callId, at, {
      ...made,
      result: returned ? inspectContent(content) : '',
      truncated: null,
      error: returned?.isError
        ? { type: returned.errorClass === 'timeout' ? 'timeout' : 'unknown', message: plainText(content) }
        : null,
      events: [],
      completed: returned?.at ?? null,
      working_time: (returned?.durationMs ?? 0) / 1000,
    }),
  ];
}

const decisions = { allow: 'approve', record: 'approve', deny: 'reject', stop: 'terminate' } as const;

function approval({ verdict, matched }: NonNullable<Call['judged']>) {
  return {
    message: '',
    approver: 'policy',
    decision: decisions[verdict],
    modified: null,
    view: null,
    explanation: matched.map(({ rule, message }) => `${rule}: ${message}`).join('\n') || null,
  };
}

/** A change of the state as JSON Patch; a file's path is one key of the state. */
function patch({ path, op, after }: StateChange) {
  const kind = { created: 'add', changed: 'replace', deleted: 'remove' } as const;
  return { op: kind[op], path, ...(op !== 'deleted' && { value: after ?? null }) };
}

function stepValue({ phi, reward, severity, labels }: StepScore) {
  const figure = (value: number | { unscored: string }) => (isUnscored(value) ? null : value);
  return {
    value: { progress: figure(phi), reward: figure(reward), severity },
    explanation: labels.join(', ') || null,
  };
}

/** Ids are derived, so that the same place of a trial always has the same one. */
export const idOf = (trial: string, place: string) => sha256(`${trial}/${place}`).slice(0, 22);
