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
  private: z
    .strictObject({
      seed_env: z
        .string()
        .regex(/^[A-Za-z_]\w*$/, 'expected the name of a variable')
        .optional()
        .describe('The variable that holds the seed.'),
      seed_file: z
        .string()
        .min(1)
        .optional()
        .describe('The file that holds it, outside of the repository; relative to the suite, or `~/…`.'),
      ledger: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Where trials of private instances are counted, relative to the suite, or `~/…`; `<seed_file>.ledger.jsonl` when absent.',
        ),
    })
    .refine(({ seed_env, seed_file }) => (seed_env === undefined) !== (seed_file === undefined), {
      error: 'expected one of seed_env and seed_file',
    })
    .refine(({ seed_file, ledger }) => (seed_file ?? ledger) !== undefined, {
      error: 'expected ledger beside seed_env',
    })
    .optional()
    .describe('Instances by a seed that is told to nobody: `run --private`.'),
});
export type Suite = z.infer<typeof suite>;
