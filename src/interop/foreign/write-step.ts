import type { Decision } from '../../schema/decision.ts';
import type { NewTraceEvent } from '../../schema/trace-event.ts';
import { contentDigest } from '../../trace/digest.ts';
import { storeDecision } from '../../trace/stored-decision.ts';
import type { TraceWriter } from '../../trace/writer.ts';
import type { ForeignCall, ForeignStep } from './foreign-trial.ts';

interface Target {
  writer: TraceWriter;
  append(event: NewTraceEvent): void;
  clock: RecordClock;
}

/** Writes one step as the events that it would have been recorded by. */
export function writeStep(foreign: ForeignStep, step: number, target: Target): void {
  const { writer, append, clock } = target;
  const { facts } = foreign;
  const begunMs = clock.now().getTime();
  clock.to(facts?.decidedAt ?? foreign.at);
  const calls = foreign.calls.map((call, index) => ({ ...call, callId: `${step}.${index}` }));
  append({
    type: 'agent.decided',
    step,
    decision: storeDecision(decisionOf(foreign, calls), writer.bodies),
    durationMs: facts?.thoughtMs ?? Math.max(0, clock.now().getTime() - begunMs),
  });
  for (const call of calls) writeCall(call, step, target);
  for (const event of [...(facts?.attempts ?? []), ...(facts?.probes ?? [])]) append(event);
  if (facts && facts.finishedAt === undefined) return;
  clock.to(facts?.finishedAt);
  append({
    type: 'step.finished',
    step,
    ...(foreign.notice !== undefined && { notice: foreign.notice }),
  });
}

type NumberedCall = ForeignCall & { callId: string };

function decisionOf(foreign: ForeignStep, calls: NumberedCall[]): Decision {
  const { text, reasoning, model, usage, costUsd, facts } = foreign;
  return {
    ...(text !== undefined && { text }),
    ...(reasoning !== undefined && { reasoning }),
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(costUsd !== undefined && { costUsd }),
    ...(facts?.stop && { stop: facts.stop }),
    ...(facts?.retries && { retries: facts.retries }),
    ...(facts?.wrapped && { wrapped: facts.wrapped }),
    calls: calls.map(({ callId, id, tool, arguments: args, malformed, facts }) => {
      const providerId = facts ? facts.providerId : id;
      return {
        callId,
        tool,
        arguments: args,
        ...(malformed !== undefined && { malformed }),
        ...(providerId !== undefined && { providerId }),
      };
    }),
  };
}

/** A call without a result in a foreign record still counts as made. */
function writeCall(call: NumberedCall, step: number, { append, clock }: Target): void {
  const { callId, tool, facts, result } = call;
  if (facts?.judged) append({ ...facts.judged, step, callId });
  const called = facts ? facts.called : { at: undefined, server: 'imported' };
  if (called) {
    clock.to(called.at);
    append({
      type: 'tool.called',
      step,
      callId,
      tool,
      server: called.server,
      arguments: JSON.stringify(call.arguments),
    });
  }
  if (!result) return;
  const begunMs = clock.now().getTime();
  clock.to(result.facts?.at ?? result.at);
  const known = result.facts?.returned;
  if (known) {
    const content = known.content.length > 0 ? known.content : result.content;
    append({ ...known, step, callId, content });
    return;
  }
  append({
    type: 'tool.returned',
    step,
    callId,
    source: 'tool',
    isError: result.isError,
    ...(result.isError && { errorClass: 'tool' as const }),
    content: result.content,
    digest: contentDigest(result.content),
    truncated: false,
    captureCut: false,
    durationMs: Math.max(0, clock.now().getTime() - begunMs),
  });
}

/** The time that events are written at: the record's own. */
export interface RecordClock {
  now(): Date;
  to(at: string | undefined): void;
}

/** Starts at an ISO 8601 time; now where it is not known. */
export function clockFrom(at: string | undefined): RecordClock {
  let ms = at === undefined ? Date.now() : Date.parse(at);
  return {
    now: () => new Date(ms),
    to(next) {
      const parsed = next === undefined ? Number.NaN : Date.parse(next);
      if (!Number.isNaN(parsed)) ms = parsed;
    },
  };
}
