import { z } from 'zod';

/** A program that something in a sandbox started, as the kernel was told. */
const startedProgram = z.strictObject({
  /** From 1, in the order in which programs were started there. */
  id: z.int().positive(),
  /** The program whose process, or one forked from it, started this one; 0 where that is none of those that are watched. */
  by: z.int().nonnegative(),
  pid: z.int(),
  /** Of the process that forked it; another one may have adopted it since. */
  ppid: z.int(),
  uid: z.int(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** The file that was executed. */
  file: z.string(),
  /** Its arguments, its name among them. */
  args: z.array(z.string()),
  /** Not all of its arguments are here. */
  cut: z.literal(true).optional(),
});
export type StartedProgram = z.infer<typeof startedProgram>;

/** Programs that were started, in order. */
export const startedPrograms = z.strictObject({
  programs: z.array(startedProgram),
  /** How many more were started by programs of these ids and by what these started, of which nothing else is kept. */
  more: z.record(z.string(), z.int().positive()),
});
export type StartedPrograms = z.infer<typeof startedPrograms>;
