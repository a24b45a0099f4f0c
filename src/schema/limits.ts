import { z } from 'zod';

/** What a trial may use; absent means no limit. */
export const limits = z.strictObject({
  steps: z.int().positive().optional().describe('Decisions of the agent.'),
  seconds: z.number().positive().optional().describe('Wall time from the first decision to the last.'),
  tokens: z.int().positive().optional().describe('Model tokens, input and output together.'),
  cost_usd: z.number().positive().optional().describe('Model cost in US dollars.'),
  call_seconds: z.number().positive().optional().describe('Time-out of one tool call; 120 when absent.'),
});
export type Limits = z.infer<typeof limits>;
