import { z } from 'zod';

/** Sampling parameters, sent as they are; a server may refuse those that it does not know. */
export const openaiParameters = z.strictObject({
  temperature: z.number().nonnegative().optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_tokens: z.int().positive().optional().describe('For servers that do not know max_completion_tokens.'),
  max_completion_tokens: z.int().positive().optional(),
  reasoning_effort: z.string().optional(),
  seed: z.int().optional(),
  parallel_tool_calls: z.boolean().optional(),
});
export type OpenaiParameters = z.infer<typeof openaiParameters>;
