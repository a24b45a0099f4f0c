import { z } from 'zod';
import type { TokenUsage } from '../../schema/decision.ts';
import type { JsonObject } from '../../schema/json.ts';
import { conversationOf, type Turn } from '../foreign/conversation.ts';
import { callFacts, resultFacts, stepFacts, trialFacts } from '../foreign/fact.ts';
import type { ForeignCall, ForeignStep, ForeignTrial } from '../foreign/foreign-trial.ts';
import { contentOf, messageText } from './content.ts';
import type { AtifMetrics, AtifResult, AtifStep, Trajectory } from './schema.ts';

type Image = (path: string) => string | undefined;

/** A trajectory as a trial. What Proctor exported is read with the facts it put under `extra.proctor`. */
export function trialOfTrajectory(source: Trajectory, name: string, image: Image): ForeignTrial {
  const facts = factsIn(source.extra, trialFacts);
  const conversation = conversationOf(
    source.steps.flatMap((step, index) => turnsOf(step, `steps[${index}]`, image)),
  );
  const id = source.trajectory_id ?? source.session_id;
  const { agent, final_metrics: total } = source;
  return {
    task: name,
    ...(id != null && { id }),
    ...conversation,
    agent: { name: agent.name, version: agent.version, ...(agent.model_name && { model: agent.model_name }) },
    tools: (agent.tool_definitions ?? []).flatMap(toolOf),
    ...(total?.total_prompt_tokens != null && {
      usage: {
        input: total.total_prompt_tokens,
        output: total.total_completion_tokens ?? 0,
        ...(total.total_cached_tokens != null && { cached: total.total_cached_tokens }),
      },
    }),
    ...(total?.total_cost_usd != null && { costUsd: total.total_cost_usd }),
    ...(source.steps[0]?.timestamp && { startedAt: source.steps[0].timestamp }),
    ...(facts && { facts }),
    losses: [...conversation.losses, ...lossesOf(source)],
  };
}

function turnsOf(step: AtifStep, place: string, image: Image): Turn[] {
  const answers = (step.observation?.results ?? []).map((result, index): Turn => {
    const id = result.source_call_id ?? '';
    return {
      answered: { id, place: `${place}.observation.results[${index}]`, result: resultOf(result, image) },
    };
  });
  if (step.source === 'agent') return [{ decided: stepOf(step) }, ...answers];
  return [{ told: messageText(step.message), by: step.source }, ...answers];
}

function factsIn<T extends z.ZodType>(extra: JsonObject | undefined, schema: T): z.infer<T> | undefined {
  const parsed = schema.safeParse(extra?.proctor);
  return parsed.success ? parsed.data : undefined;
}

const reasoned = stepFacts.extend({ reasoning: z.string().optional() });

function stepOf(step: AtifStep): ForeignStep {
  const text = messageText(step.message);
  const { reasoning: unasked, ...facts } = factsIn(step.extra as JsonObject, reasoned) ?? {};
  const reasoning = step.reasoning_content ?? unasked;
  const usage = step.metrics ? usageOf(step.metrics) : undefined;
  return {
    ...(step.timestamp && { at: step.timestamp }),
    ...(text !== '' && { text }),
    ...(reasoning !== undefined && { reasoning }),
    ...(step.model_name && { model: step.model_name }),
    ...(usage && { usage }),
    ...(step.metrics?.cost_usd != null && { costUsd: step.metrics.cost_usd }),
    calls: (step.tool_calls ?? []).map(callOf),
    ...('thoughtMs' in facts && { facts }),
  };
}

function callOf(call: NonNullable<AtifStep['tool_calls']>[number]): ForeignCall {
  const facts = factsIn(call.extra as JsonObject, callFacts);
  return {
    id: call.tool_call_id,
    tool: call.function_name,
    arguments: call.arguments as JsonObject,
    ...(facts?.malformed !== undefined && { malformed: facts.malformed }),
    ...(facts && { facts }),
  };
}

function resultOf(result: AtifResult, image: Image): NonNullable<ForeignCall['result']> {
  const facts = factsIn(result.extra as JsonObject, resultFacts);
  return {
    content: contentOf(result.content, image),
    isError: facts?.returned.isError ?? false,
    ...(facts && { facts }),
  };
}

function usageOf({
  prompt_tokens,
  completion_tokens,
  cached_tokens,
  extra,
}: AtifMetrics): TokenUsage | undefined {
  if (prompt_tokens == null && completion_tokens == null) return undefined;
  const reasoning = (extra?.proctor as { reasoning_tokens?: number } | undefined)?.reasoning_tokens;
  return {
    input: prompt_tokens ?? 0,
    output: completion_tokens ?? 0,
    ...(cached_tokens != null && { cached: cached_tokens }),
    ...(reasoning !== undefined && { reasoning }),
  };
}

function toolOf(definition: Record<string, unknown>): ForeignTrial['tools'] {
  const { name, description, parameters } = (definition.function ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') return [];
  const inputSchema = (parameters ?? {}) as JsonObject;
  return [{ name, description: typeof description === 'string' ? description : '', inputSchema }];
}

/** What of a trajectory a trace has no place for. */
function lossesOf(source: Trajectory): string[] {
  const any = (test: (step: AtifStep) => unknown) => source.steps.some((step) => test(step));
  const foreign = (extra: unknown) => Object.keys((extra ?? {}) as object).some((key) => key !== 'proctor');
  const lost: [string, boolean][] = [
    ['subagent_trajectories', (source.subagent_trajectories?.length ?? 0) > 0],
    ['continued_trajectory_ref', source.continued_trajectory_ref != null],
    ['notes', source.notes != null],
    [
      'token ids and log probabilities',
      any(({ metrics }) => metrics?.logprobs ?? metrics?.completion_token_ids),
    ],
    ['reasoning_effort', any(({ reasoning_effort }) => reasoning_effort)],
    ['is_copied_context', any(({ is_copied_context }) => is_copied_context)],
    ['extra', foreign(source.extra) || any(({ extra }) => foreign(extra))],
  ];
  return lost.filter(([, there]) => there).map(([name]) => name);
}
