import { z } from 'zod';
import { script, type taskAdditions } from './task.ts';

const strength = z.union([z.literal(1), z.literal(2), z.literal(3)]);
/** 1 is mild, 3 is strong. */
export type Strength = z.infer<typeof strength>;

/** One change of form that was asked for, and whether the task gave it an occasion. */
const perturbation = z.strictObject({
  name: z.string(),
  strength,
  /** Why it changed nothing; absent where it did. */
  notApplied: z.string().optional(),
});
export type Perturbation = z.infer<typeof perturbation>;

/** Which instance of a task this is. */
export const instanceTag = z.strictObject({
  /** Name of the task it was made of. */
  base: z.string(),
  /** What its content, or where that is the published one its form, follows from; of a private one, which of them it is. */
  seed: z.string(),
  /** A variant has content of its own, a perturbation the published content in another form; a private one is a variant whose seed is told to nobody. */
  kind: z.enum(['variant', 'perturbation', 'perturbed-variant', 'private']),
  perturbations: z.array(perturbation).optional(),
});
export type InstanceTag = z.infer<typeof instanceTag>;

/** How far a covariate may be from the other instances' before it counts as drift, as a share. */
const within = z.number().positive();

const covariate = z.union([z.number(), z.strictObject({ value: z.number(), within })]);
export type Covariate = z.infer<typeof covariate>;

const ofTools = z.strictObject({ strength, seed: z.string() });

/** `instance.json`: what a made task folder is an instance of. */
export const instanceFile = z.strictObject({
  ...instanceTag.shape,
  /** sha256 of the folder it was made of. */
  baseDigest: z.string(),
  covariates: z.record(z.string(), covariate).default({}),
  /** How tools are listed otherwise than the environment does. */
  tools: z.strictObject({ order: ofTools, descriptions: ofTools }).partial().optional(),
});
export type InstanceFile = z.infer<typeof instanceFile>;

/** What is recorded of it. */
export function tagOf({ base, seed, kind, perturbations }: InstanceFile): InstanceTag {
  return { base, seed, kind, ...(perturbations && { perturbations }) };
}

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, {
  error: 'expected text or bytes',
});

/** What a generator gives: how an instance differs from the published one, whose folder is its template. */
export const generated = z.strictObject({
  words: z.record(z.string().min(1), z.string()).default({}),
  files: z.record(z.string().min(1), z.union([z.string(), bytes, z.null()])).default({}),
  seed: z.json().optional(),
  reference: script.optional(),
  agents: z.record(z.string().regex(/^[\w-]+$/), script).default({}),
  proctor: z.record(z.string(), z.json()).default({}),
  covariates: z.record(z.string(), covariate).default({}),
});
export type Generated = z.infer<typeof generated>;

/** What `generate.ts` returns. All is optional; what is left out stays as it is published. */
export interface Instance {
  /**
   * Text of the published files → this instance's, in every text file of the task: names, ids, amounts, or `{placeholders}`. Replaced
   * as whole words, all at once.
   */
  words?: Record<string, string>;
  /** Path in the task's folder, such as `environment/logs/app.log` → its content, in which no words are replaced; null leaves it out. */
  files?: Record<string, string | Uint8Array | null>;
  /** In the place of `seed.json`. */
  seed?: z.input<(typeof generated)['shape']['seed']>;
  /** In the place of `reference.json`. */
  reference?: z.input<typeof script>;
  /** Name → script, in the place of `agents/<name>.json`. */
  agents?: Record<string, z.input<typeof script>>;
  /** Keys of `proctor.toml` in the place of the task's: `verify`, `milestones`, `canaries`, `contract`, … */
  proctor?: Partial<z.input<typeof taskAdditions>>;
  /** What makes it easy or hard, beside what is counted anyway (steps and calls of the reference, files, bytes): within 10 % of each other, or as said. */
  covariates?: Record<string, Covariate>;
}
