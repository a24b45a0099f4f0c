import { z } from 'zod';
import { body } from './body.ts';
import { injection, plantedCanary } from './canary.ts';
import { contract } from './contract.ts';
import { instanceTag } from './instance.ts';
import { limits } from './limits.ts';
import { recordSource } from './state.ts';

/** The version of the trace format; readers upgrade older ones. */
export const traceVersion = 2;

const digest = z.string();

/** What `trial.started` says: all that a trial was begun with. */
export const started = {
  version: z.literal(traceVersion),
  proctor: z.string(),
  node: z.string(),
  run: z.string(),
  trial: z.string(),
  attempt: z.int().positive(),
  task: z.strictObject({
    name: z.string(),
    path: z.string(),
    digest,
    instruction: body,
    guidance: body.optional(),
    tags: z.array(z.string()),
    difficulty: z.string().optional(),
    /** What it shares with tasks that are no tries independent of it, such as `template refund`. */
    cluster: z.string().optional(),
    /** Absent where the task ran as it is published. */
    instance: instanceTag.optional(),
    impossible: z.boolean(),
    milestones: z.array(z.strictObject({ name: z.string(), weight: z.number() })),
    /** Size of the reference trajectory; null where it says nothing about efficiency. */
    reference: z.strictObject({ steps: z.int(), calls: z.int() }).nullable(),
    /** Absent for one phase. */
    phases: z
      .strictObject({
        total: z.int().positive(),
        /** Which reward counts: the mean over all phases, or the last one's. */
        reward: z.enum(['mean', 'final']),
        /** What each may take; null means no limit. Absent in older traces. */
        seconds: z.array(z.number().nullable()).optional(),
      })
      .optional(),
  }),
  environment: z.strictObject({
    name: z.string(),
    digest,
    state: z.enum(['files', 'server', 'none']),
  }),
  agent: z.strictObject({
    id: z.string(),
    model: z.string().optional(),
    digest: digest.optional(),
    parameters: z.json().optional(),
    /** Programs that its own program starts for itself, with `*` for any text. */
    helpers: z.array(z.string()).optional(),
  }),
  limits,
  /** The resolved policy as JSON. */
  policy: body,
  seed: z.string(),
  /** What a seeded clock starts at, ISO 8601. */
  clock: z.string(),
  canaries: z.array(plantedCanary),
  /** Whom the agent acts for. */
  principal: z.string().optional(),
  /** Files whose records are part of the state, and the field that names whose a record is. */
  records: z.array(recordSource).optional(),
  /** Instructions in the task's data that are none of the user's. */
  injections: z.array(injection).optional(),
  /** What the task wants; absent where it says nothing. */
  contract: contract.optional(),
  parent: z.strictObject({ trace: z.string(), step: z.int().nonnegative() }).optional(),
};
