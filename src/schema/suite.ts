import { z } from 'zod';

/** Where a suite is in its life. */
const suiteState = z.enum(['draft', 'pilot', 'active', 'watch', 'saturated', 'retired']);
export type SuiteState = z.infer<typeof suiteState>;

/** `suite.toml`: what a suite is for, and where it is in its life. */
export const suite = z.strictObject({
  purpose: z.string().min(1).describe('What its score is to tell.'),
  intended: z.array(z.string()).min(1).describe('What its score may be used for.'),
  not_intended: z
    .array(z.string())
    .default([])
    .describe('What it says nothing of, and must not be used for.'),
  capabilities: z.array(z.string()).default([]).describe('What an agent needs to do its tasks.'),
  contact: z.string().min(1).describe('Whom to tell of a flaw: a name, an address or a page.'),
  licence: z.string().min(1).describe('SPDX identifier of the licence of its tasks, or a name.'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'expected three numbers, such as 1.0.0')
    .describe('Raised when a task changes; scores of two versions are not comparable where digests differ.'),
  state: suiteState.describe(
    'Where it is in its life: `draft` is written, `pilot` is tried, `active` is relied on, `watch` is doubted, `saturated` tells agents no longer apart, `retired` is kept for the record.',
  ),
  human: z
    .strictObject({
      people: z.int().positive().describe('How many tried it.'),
      completed: z.number().min(0).max(1).describe('The share of trials that they completed.'),
      minutes: z.number().positive().optional().describe('Median time of a task.'),
      source: z.string().min(1).describe('Where that is recorded.'),
    })
    .optional()
    .describe('What people reach, where that was measured.'),
});
export type Suite = z.infer<typeof suite>;
