import type { Json, JsonObject } from '../../schema/json.ts';
import type { Call, Step } from '../../schema/trial.ts';
import { resolveDecision } from '../../trace/stored-decision.ts';
import { callFactsOf, resultFactsOf, stepFactsOf, trialFactsOf } from '../foreign/facts-of.ts';
import type { ExportedFile, ScoredTrial } from '../scored-trial.ts';
import { atifContent } from './content.ts';
import type { AtifCall, AtifMetrics, AtifResult, AtifStep, Trajectory } from './schema.ts';

/** A trial as an ATIF trajectory. What the format has no field for lies under `extra.proctor`. */
export function atifTrajectory(
  scored: ScoredTrial,
  proctor: string,
): { trajectory: Trajectory; images: NonNullable<ExportedFile['beside']> } {
  const { trial, score } = scored;
  const { started } = trial;
  const images: NonNullable<ExportedFile['beside']> = [];
  const steps = [
    ...openingSteps(scored),
    ...trial.steps.flatMap((step) => [agentStep(step, scored, images), ...toldSteps(step, scored)]),
  ];
  const { tokens, costUsd } = score.efficiency;
  const trajectory: Trajectory = {
    schema_version: 'ATIF-v1.7',
    session_id: `${started.run}/${started.trial}`,
    trajectory_id: started.trial,
    agent: {
      name: started.agent.id,
      version: proctor,
      ...(started.agent.model !== undefined && { model_name: started.agent.model }),
      tool_definitions: trial.tools.map(({ name, description, inputSchema }) => ({
        type: 'function',
        function: { name, description, parameters: inputSchema },
      })),
    },
    steps: steps.map((step, index) => ({ step_id: index + 1, ...step })),
    final_metrics: {
      total_prompt_tokens: tokens.input,
      total_completion_tokens: tokens.output,
      ...(tokens.cached !== undefined && { total_cached_tokens: tokens.cached }),
      ...(typeof costUsd === 'number' && { total_cost_usd: costUsd }),
      total_steps: steps.length,
    },
    extra: proctorExtra(trialFactsOf(scored)),
  };
  return { trajectory, images };
}

type Unnumbered = Omit<AtifStep, 'step_id'>;

function openingSteps({ trial, bodies }: ScoredTrial): Unnumbered[] {
  const { at: timestamp, task } = trial.started;
  const instruction: Unnumbered = { timestamp, source: 'user', message: bodies.text(task.instruction) };
  if (task.guidance === undefined) return [instruction];
  return [{ timestamp, source: 'system', message: bodies.text(task.guidance) }, instruction];
}

function agentStep(step: Step, scored: ScoredTrial, images: NonNullable<ExportedFile['beside']>): Unnumbered {
  const decision = resolveDecision(step.decision, scored.bodies);
  const { text = '', reasoning, model, usage, costUsd } = decision;
  const asked = step.asked !== undefined || model !== undefined || usage !== undefined;
  const metrics = asked ? metricsOf(usage, costUsd) : undefined;
  const facts = stepFactsOf(step, scored);
  const ids = idsOf(decision.calls);
  return {
    timestamp: facts.decidedAt,
    source: 'agent',
    message: text,
    ...(model !== undefined && { model_name: model }),
    ...(asked && reasoning !== undefined && { reasoning_content: reasoning }),
    ...(step.calls.length > 0 && {
      tool_calls: step.calls.map((call, index) =>
        atifCall(call, ids[index] ?? call.callId, scored, decision.calls[index]?.providerId),
      ),
    }),
    ...(step.calls.some(({ returned }) => returned) && {
      observation: {
        results: step.calls.flatMap((call, index) =>
          atifResult(call, ids[index] ?? call.callId, scored, images),
        ),
      },
    }),
    ...(metrics && { metrics }),
    llm_call_count: asked ? 1 : 0,
    extra: proctorExtra({ ...facts, ...(!asked && reasoning !== undefined && { reasoning }) }),
  };
}

/** The provider's ids where they tell the calls of a decision apart. */
function idsOf(calls: readonly { callId: string; providerId?: string | undefined }[]): string[] {
  const ids = calls.map(({ callId, providerId }) => providerId ?? callId);
  return new Set(ids).size === ids.length ? ids : calls.map(({ callId }) => callId);
}

function atifCall(call: Call, id: string, { bodies }: ScoredTrial, providerId: string | undefined): AtifCall {
  return {
    tool_call_id: id,
    function_name: call.tool,
    arguments: bodies.json(call.arguments) as JsonObject,
    extra: proctorExtra(callFactsOf(call, bodies, providerId)),
  };
}

function atifResult(
  { returned }: Call,
  id: string,
  { bodies }: ScoredTrial,
  images: NonNullable<ExportedFile['beside']>,
): AtifResult[] {
  if (!returned) return [];
  const blocks = bodies.content(returned.content);
  const shown = atifContent(blocks);
  images.push(...shown.images);
  const facts = resultFactsOf(returned, bodies, shown.exact);
  return [{ source_call_id: id, content: shown.content, extra: proctorExtra(facts) }];
}

function metricsOf(usage: Step['decision']['usage'], costUsd: number | undefined): AtifMetrics | undefined {
  if (!usage && costUsd === undefined) return undefined;
  return {
    ...(usage && { prompt_tokens: usage.input, completion_tokens: usage.output }),
    ...(usage?.cached !== undefined && { cached_tokens: usage.cached }),
    ...(costUsd !== undefined && { cost_usd: costUsd }),
    ...(usage?.reasoning !== undefined && { extra: { proctor: { reasoning_tokens: usage.reasoning } } }),
  };
}

/** What the agent was told after a step: a notice, the instruction of the next phase. */
function toldSteps({ notice, begins, finishedAt }: Step, { bodies }: ScoredTrial): Unnumbered[] {
  const told = [notice, begins === undefined ? undefined : bodies.text(begins)];
  return told
    .filter((message) => message !== undefined)
    .map((message) => ({
      ...(finishedAt !== undefined && { timestamp: finishedAt }),
      source: 'user',
      message,
    }));
}

const proctorExtra = (facts: object) => ({ proctor: facts as Json });
