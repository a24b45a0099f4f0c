import { textOf } from '../../schema/content.ts';
import type { Finding } from '../../schema/finding.ts';
import type { TrialScore } from '../../schema/score.ts';
import type { Call, Step } from '../../schema/trial.ts';
import { resolveDecision } from '../../trace/stored-decision.ts';
import { type ScoredTrial, spanOf } from '../scored-trial.ts';
import { findingEvaluation, stepEvaluations, trialEvaluations } from './evaluation.ts';
import { attributes, nano, type Span, type SpanEvent, spanIdOf, traceIdOf } from './span.ts';

/** A trial as spans in the GenAI semantic conventions: invoke_agent over steps over chat and execute_tool. */
export function trialSpans(scored: ScoredTrial): Span[] {
  const { trial, score } = scored;
  const { run, trial: id, agent, task, attempt } = trial.started;
  const traceId = traceIdOf(run, id);
  const rootId = spanIdOf(traceId, 'trial');
  const { start, end } = spanOf(scored);
  const { tokens } = score.efficiency;
  const failed = score.outcome !== 'submitted';
  const root: Span = {
    traceId,
    spanId: rootId,
    name: `invoke_agent ${agent.id}`,
    kind: 1,
    startTimeUnixNano: nano(start),
    endTimeUnixNano: nano(end),
    attributes: attributes({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agent.id,
      'gen_ai.conversation.id': `${run}/${id}`,
      'gen_ai.request.model': agent.model,
      'gen_ai.usage.input_tokens': tokens.input,
      'gen_ai.usage.output_tokens': tokens.output,
      'error.type': failed ? (score.outcome ?? 'cut-off') : undefined,
      'proctor.run': run,
      'proctor.trial': id,
      'proctor.task': task.name,
      'proctor.attempt': attempt,
    }),
    events: trialEvaluations(score, end),
    status: failed ? { code: 2, message: trial.ended?.error?.message ?? score.outcome ?? '' } : { code: 1 },
  };
  return [root, ...trial.steps.flatMap((step) => stepSpans(step, scored, root))];
}

interface Times {
  start: number;
  decided: number;
  end: number;
}

/** A step without a recorded question begins when its decision came; the thinking lies before it. */
function timesOf(step: Step): Times {
  const startedAt = Date.parse(step.startedAt);
  const start = step.asked ? startedAt : startedAt - step.thoughtMs;
  const decided = start + step.thoughtMs;
  const returns = step.calls.map(({ returned }) => (returned ? Date.parse(returned.at) : decided));
  const finished = step.finishedAt === undefined ? decided : Date.parse(step.finishedAt);
  return { start, decided, end: Math.max(decided, finished, ...returns) };
}

function stepSpans(step: Step, scored: ScoredTrial, root: Span): Span[] {
  const times = timesOf(step);
  const { traceId } = root;
  const span: Span = {
    traceId,
    spanId: spanIdOf(traceId, `step ${step.index}`),
    parentSpanId: root.spanId,
    name: `step ${step.index}`,
    kind: 1,
    startTimeUnixNano: nano(times.start),
    endTimeUnixNano: nano(times.end),
    attributes: attributes({
      'proctor.step': step.index,
      'proctor.inherited': step.inherited || undefined,
      'proctor.state.digest': step.state?.digest,
    }),
    events: [],
    status: { code: 0 },
  };
  const asked = step.asked !== undefined || step.decision.model !== undefined || step.decision.usage;
  const calls = step.calls.map((call) => callSpan(call, scored, span, times));
  (calls.at(-1) ?? span).events.push(...scoreEvents(step, scored, times));
  return [span, ...(asked ? [chatSpan(step, scored, span, times)] : []), ...calls];
}

/** The step's scores, and the findings that belong to none of its calls. */
function scoreEvents(step: Step, { score }: ScoredTrial, { end }: Times): SpanEvent[] {
  const own = score.steps.find((one) => one.step === step.index);
  const findings = allFindings(score).filter(
    (finding) => finding.step === step.index && finding.callId === undefined,
  );
  return [
    ...(own ? stepEvaluations(own, end) : []),
    ...findings.map((finding) => findingEvaluation(finding, end)),
  ];
}

/** Those of a judge come last; their events bear a name of their own. */
const allFindings = ({ safety }: TrialScore): Finding[] => [
  ...safety.findings,
  ...(safety.judge?.findings ?? []),
];

function chatSpan(step: Step, { trial, bodies }: ScoredTrial, parent: Span, { start, decided }: Times): Span {
  const decision = resolveDecision(step.decision, bodies);
  const { usage, text, reasoning, calls, model } = decision;
  const parts = [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', content: reasoning }]),
    ...(text === undefined ? [] : [{ type: 'text', content: text }]),
    ...calls.map((call) => ({
      type: 'tool_call',
      id: call.providerId ?? call.callId,
      name: call.tool,
      arguments: call.arguments,
    })),
  ];
  const requested = trial.started.agent.model ?? model;
  return {
    ...childOf(parent, 'chat'),
    name: `chat ${requested ?? trial.started.agent.id}`,
    kind: 3,
    startTimeUnixNano: nano(start),
    endTimeUnixNano: nano(decided),
    attributes: attributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name':
        providers[trial.started.agent.id.split(':')[0] ?? ''] ?? decision.native?.provider ?? 'openai',
      'gen_ai.request.model': requested,
      'gen_ai.response.model': model,
      'gen_ai.usage.input_tokens': usage?.input,
      'gen_ai.usage.output_tokens': usage?.output,
      'gen_ai.usage.cache_read.input_tokens': usage?.cached,
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts, finish_reason: calls.length > 0 ? 'tool_call' : 'stop' },
      ]),
      'proctor.cost_usd': decision.costUsd,
    }),
    events: [],
    status: { code: 0 },
  };
}

function callSpan(call: Call, { score, bodies }: ScoredTrial, parent: Span, times: Times): Span {
  const { returned, called, judged } = call;
  const end = returned ? Date.parse(returned.at) : times.end;
  const begun = called ?? judged;
  const start = begun ? Date.parse(begun.at) : times.decided;
  const findings = allFindings(score).filter(({ callId }) => callId === call.callId);
  const error = returned?.isError ? (returned.errorClass ?? 'tool') : returned ? undefined : 'no-answer';
  return {
    ...childOf(parent, call.callId),
    name: `execute_tool ${call.tool}`,
    kind: 1,
    startTimeUnixNano: nano(Math.min(start, end)),
    endTimeUnixNano: nano(end),
    attributes: attributes({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': call.tool,
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.id': call.callId,
      'gen_ai.tool.call.arguments': bodies.text(call.arguments),
      'gen_ai.tool.call.result': returned && textOf(bodies.content(returned.content)),
      'error.type': error,
      'proctor.verdict': judged?.verdict,
      'proctor.result.digest': returned?.digest,
    }),
    events: findings.map((finding) => findingEvaluation(finding, end)),
    status: error === undefined ? { code: 0 } : { code: 2, message: error },
  };
}

const childOf = ({ traceId, spanId }: Span, place: string) => ({
  traceId,
  spanId: spanIdOf(traceId, `${spanId}/${place}`),
  parentSpanId: spanId,
});

/** Providers as OpenTelemetry names them, by the kind of agent. */
const providers: Record<string, string> = {
  openai: 'openai',
  'openai-responses': 'openai',
  anthropic: 'anthropic',
  google: 'gcp.gemini',
};
