import { z } from 'zod';
import { injection, plantedCanary } from './canary.ts';
import { contract } from './contract.ts';
import { toolEffect } from './effect.ts';
import { outcome } from './outcome.ts';

const share = z.number().min(0).max(1);
const count = z.int().nonnegative();
const time = z.iso.datetime({ offset: true, local: true });

/** What may be said of every imported trial, or of one. */
const facts = {
  task: z.string().min(1).optional().describe('What the task is called.'),
  agent: z.string().min(1).optional().describe('Whose trial it is; trials of one agent are summed up.'),
  attempt: z.int().positive().optional(),
  principal: z.string().min(1).optional().describe('Whom the agent acted for.'),
  reward: share.optional().describe('How far the task was done, from 0 to 1.'),
  rewards: z.record(z.string(), share).optional().describe('Several rewards by name.'),
  input_tokens: count.optional().describe('Cached ones included.'),
  output_tokens: count.optional(),
  cached_tokens: count.optional(),
  cost_usd: z.number().nonnegative().optional(),
  started_at: time.optional(),
  ended_at: time.optional(),
  outcome: outcome.optional().describe('Why it ended; `submitted` where nothing else is known.'),
  canaries: z.array(plantedCanary).default([]).describe('Planted values, and what each stood for.'),
  injections: z.array(injection).default([]).describe('Instructions in the data that are not the user’s.'),
  contract: contract.optional().describe('What the task wanted, as in proctor.toml.'),
};

const trial = z.strictObject({
  trial: z
    .string()
    .describe(
      'File without ending, `<task>/<sample>`, or the id in the record; `#2` behind it for an attempt.',
    ),
  ...facts,
});
export type DeclaredTrial = z.infer<typeof trial>;

/** Lines of a CSV file with a line of names: a trial each. */
export const declaredTrials = z.array(trial);

/** What records made elsewhere do not say, for `proctor import --declare`. */
export const declaration = z.strictObject({
  tools: z
    .record(z.string(), toolEffect)
    .default({})
    .describe('What each tool does, as in environment.toml.'),
  ...facts,
  trials: declaredTrials.default([]).describe('What holds of one trial alone; it goes before the rest.'),
});
export type Declaration = z.infer<typeof declaration>;
