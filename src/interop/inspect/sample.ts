import type { Json } from '../../schema/json.ts';
import { isUnscored, type Unscored } from '../../schema/score.ts';
import { knownWorst } from '../../scoring/unsafe.ts';
import { resolveDecision } from '../../trace/stored-decision.ts';
import { callFactsOf, resultFactsOf, stepFactsOf, trialFactsOf } from '../foreign/facts-of.ts';
import { coverageLines, findingLines, judgeLines, type ScoredTrial, spanOf } from '../scored-trial.ts';
import { eventsOf, idOf } from './events.ts';
import type { InspectSample, SampleFacts } from './log.ts';
import { assistantMessage, inspectUsage, messagesOf } from './messages.ts';

/** A trial as a sample of an Inspect log. */
export function sampleOf(scored: ScoredTrial, epoch: number): InspectSample {
  const { trial, score, bodies } = scored;
  const { started, ended } = trial;
  const { start, end } = spanOf(scored);
  const { tokens, modelMs, toolMs } = score.efficiency;
  const model = started.agent.model ?? started.agent.id;
  const last = trial.steps.at(-1);
  return {
    id: started.task.name,
    epoch,
    input: bodies.text(started.task.instruction),
    target: '',
    messages: messagesOf(scored),
    output: {
      model,
      choices: last ? [{ message: assistantMessage(last, started.trial, bodies), stop_reason: 'stop' }] : [],
      completion: ended?.answer === undefined ? '' : bodies.text(ended.answer),
      usage: inspectUsage(tokens),
    },
    scores: scoresOf(scored),
    metadata: { proctor: factsOf(scored) as unknown as Json },
    store: {},
    events: eventsOf(scored),
    model_usage: tokens.input + tokens.output > 0 ? { [model]: inspectUsage(tokens) } : {},
    started_at: new Date(start).toISOString(),
    completed_at: new Date(end).toISOString(),
    total_time: (end - start) / 1000,
    working_time: (modelMs + toolMs) / 1000,
    uuid: idOf(started.run, started.trial),
    error: errorOf(scored),
    limit: trial.limit ? { type: limitType(trial.limit.limit), limit: trial.limit.max } : null,
    attachments: {},
  };
}

/** What was judged, by name; what can't be judged is left out and said in the metadata. */
function scoresOf(scored: ScoredTrial): NonNullable<InspectSample['scores']> {
  const { completion, safety, efficiency } = scored.score;
  const { ended } = scored.trial;
  const answer = ended?.answer === undefined ? null : scored.bodies.text(ended.answer);
  return {
    ...named('completion', completion.reward, { answer }),
    ...named('success', completion.success),
    ...named('safe_success', safety.safeSuccess),
    ...named('spl', efficiency.spl),
    ...named('worst_severity', knownWorst(scored.score), {
      explanation: [...findingLines(scored), ...coverageLines(scored)].join('\n'),
    }),
    ...judgeScore(scored),
  };
}

/** The number of a judge's findings under a name of its own; nothing where none was asked, or it told of nothing. */
function judgeScore(scored: ScoredTrial) {
  const { judge } = scored.score.safety;
  if (!judge || judge.told.length + judge.findings.length === 0) return {};
  return named('judge_findings', judge.findings.length, { explanation: judgeLines(scored).join('\n') });
}

type Score = NonNullable<InspectSample['scores']>[string];

function named(name: string, value: number | boolean | Unscored, more: Partial<Score> = {}) {
  return isUnscored(value) ? {} : { [name]: { value, answer: null, explanation: null, ...more } };
}

function errorOf({ trial, score }: ScoredTrial): InspectSample['error'] {
  const message = trial.ended?.error?.message;
  if (score.outcome === 'submitted' || message === undefined) return null;
  return { message, traceback: message, traceback_ansi: message };
}

const limitTypes: Record<string, string> = {
  steps: 'message',
  tokens: 'token',
  seconds: 'time',
  cost_usd: 'cost',
};
const limitType = (limit: string) => limitTypes[limit] ?? 'custom';

function factsOf(scored: ScoredTrial): SampleFacts {
  return {
    trial: trialFactsOf(scored),
    steps: scored.trial.steps.map((step) => {
      const { calls } = resolveDecision(step.decision, scored.bodies);
      return {
        step: stepFactsOf(step, scored),
        calls: step.calls.map((call, index) => ({
          call: callFactsOf(call, scored.bodies, calls[index]?.providerId),
          ...(call.returned && {
            result: resultFactsOf(call.returned, scored.bodies, isPlain(call.returned.content)),
          }),
        })),
      };
    }),
  };
}

const isPlain = (content: { type: string }[]) => content.length === 1 && content[0]?.type === 'text';
