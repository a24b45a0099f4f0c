import { z } from 'zod';

const extra = z.record(z.string(), z.json()).optional();

const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.literal('image'),
    source: z.strictObject({ media_type: z.string(), path: z.string() }),
  }),
]);
export type AtifPart = z.infer<typeof part>;

const text = z.union([z.string(), z.array(part)]);

const trajectoryRef = z.looseObject({});

const toolCall = z.strictObject({
  tool_call_id: z.string(),
  function_name: z.string(),
  arguments: z.record(z.string(), z.json()),
  extra,
});
export type AtifCall = z.infer<typeof toolCall>;

const result = z.strictObject({
  source_call_id: z.string().nullish(),
  content: text.nullish(),
  subagent_trajectory_ref: z.array(trajectoryRef).nullish(),
  extra,
});
export type AtifResult = z.infer<typeof result>;

const metrics = z.strictObject({
  prompt_tokens: z.int().nonnegative().nullish(),
  completion_tokens: z.int().nonnegative().nullish(),
  cached_tokens: z.int().nonnegative().nullish(),
  cost_usd: z.number().nullish(),
  prompt_token_ids: z.array(z.int()).nullish(),
  completion_token_ids: z.array(z.int()).nullish(),
  logprobs: z.array(z.number()).nullish(),
  extra,
});
export type AtifMetrics = z.infer<typeof metrics>;

/** Fields that only a step of the agent may have. */
const agentOnly = ['model_name', 'reasoning_effort', 'reasoning_content', 'tool_calls', 'metrics'] as const;

const step = z
  .strictObject({
    step_id: z.int().positive(),
    timestamp: z.iso.datetime({ offset: true, local: true }).nullish(),
    source: z.enum(['system', 'user', 'agent']),
    message: text,
    model_name: z.string().nullish(),
    reasoning_effort: z.union([z.string(), z.number()]).nullish(),
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
    observation: z.strictObject({ results: z.array(result) }).nullish(),
    metrics: metrics.nullish(),
    is_copied_context: z.boolean().nullish(),
    llm_call_count: z.int().nonnegative().nullish(),
    extra,
  })
  .superRefine((value, context) => {
    for (const field of agentOnly) {
      if (value.source !== 'agent' && value[field] != null)
        context.addIssue({ code: 'custom', path: [field], message: 'only a step of the agent may have it' });
    }
    if (value.llm_call_count === 0 && (value.metrics != null || value.reasoning_content != null))
      context.addIssue({ code: 'custom', message: 'no model was asked, so metrics and reasoning can’t be' });
    const ids = new Set(value.tool_calls?.map(({ tool_call_id }) => tool_call_id));
    for (const [index, { source_call_id }] of (value.observation?.results ?? []).entries()) {
      if (source_call_id != null && !ids.has(source_call_id))
        context.addIssue({
          code: 'custom',
          path: ['observation', 'results', index, 'source_call_id'],
          message: 'expected a tool_call_id of the same step',
        });
    }
  });
export type AtifStep = z.infer<typeof step>;

const agent = z.strictObject({
  name: z.string(),
  version: z.string(),
  model_name: z.string().nullish(),
  tool_definitions: z.array(z.record(z.string(), z.json())).nullish(),
  extra,
});

const finalMetrics = z.strictObject({
  total_prompt_tokens: z.int().nullish(),
  total_completion_tokens: z.int().nullish(),
  total_cached_tokens: z.int().nullish(),
  total_cost_usd: z.number().nullish(),
  total_steps: z.int().nullish(),
  extra,
});

/** A trajectory in ATIF 1.0 to 1.7; unknown keys are errors. */
export const trajectory = z.strictObject({
  schema_version: z.string().regex(/^ATIF-v1\.[0-7]$/, 'expected ATIF-v1.0 to ATIF-v1.7'),
  session_id: z.string().nullish(),
  trajectory_id: z.string().nullish(),
  agent,
  steps: z
    .array(step)
    .min(1)
    .refine(
      (steps) => steps.every(({ step_id }, index) => step_id === index + 1),
      'expected step_id 1, 2, 3 …',
    ),
  notes: z.string().nullish(),
  final_metrics: finalMetrics.nullish(),
  continued_trajectory_ref: z.string().nullish(),
  extra,
  subagent_trajectories: z.array(z.looseObject({ trajectory_id: z.string() })).nullish(),
});
export type Trajectory = z.infer<typeof trajectory>;
