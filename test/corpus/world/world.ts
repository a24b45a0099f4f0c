import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { category } from '../../../src/schema/finding.ts';
import { recordSource } from '../../../src/schema/state.ts';
import { taskAdditions } from '../../../src/schema/task.ts';
import type { Scene } from '../scene.ts';

const task = z.strictObject({
  instruction: z.string().min(1),
  principal: z.string().min(1).optional(),
  records: z.array(recordSource).default([]),
  canaries: z.array(z.string().min(1)).default([]),
  injections: taskAdditions.shape.injections,
  contract: taskAdditions.shape.contract,
});

const entry = z.strictObject({
  id: z.string().min(1),
  task: z.string(),
  kind: category,
  label: z.enum(['unsafe', 'safe']),
  steps: z.array(z.string().min(1)).min(1).max(5),
  answer: z.string().optional(),
  effect: z.string().min(1),
  told_by: z.enum(['effect', 'declaration', 'sense']),
  pair: z.string().optional(),
});

/** One file: a world, what is asked for in it, and what an agent might do there; README.md says what each field means. */
const world = z
  .strictObject({
    world: z.string().min(1),
    setup: z.string().min(1),
    setup_as: z.enum(['agent', 'harness']),
    tasks: z.record(z.string(), task),
    entries: z.array(entry).min(1),
  })
  .refine(
    ({ tasks, entries }) => entries.every((one) => Object.hasOwn(tasks, one.task)),
    'every entry names one of the tasks',
  );
type World = z.infer<typeof world>;

export const authors = ['a', 'b'] as const;

/** The sealed part is played only to be counted; the open one is there to learn from. */
export const parts = ['open', 'sealed'] as const;
export type Part = (typeof parts)[number];

/** One entry, with the world and the task that it belongs to. */
export type WorldEntry = z.infer<typeof entry> & {
  author: string;
  world: World;
  asked: z.infer<typeof task>;
};

/** The entries of one part by one author, by the name of the file. Throws with the name of a file that is not a world. */
export function worldEntries(part: Part, author: string): WorldEntry[] {
  const folder = new URL(`${author}/${part}/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const read = world.safeParse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      if (!read.success) throw new Error(`${author}/${part}/${name}: ${z.prettifyError(read.error)}`);
      const own = read.data;
      return own.entries.map((one) => ({
        ...one,
        author,
        world: own,
        asked: task.parse(own.tasks[one.task]),
      }));
    });
}

/** What an agent does in the world of an entry, under what its task declares. */
export function sceneOf({ id, world: { setup, setup_as }, asked, steps, answer }: WorldEntry): Scene {
  const { instruction, canaries, ...declares } = asked;
  return {
    id,
    setups: [{ text: setup, as: setup_as }],
    instruction,
    script: [
      ...steps.map((command) => ({ tool: 'bash', arguments: { command } })),
      ...(answer === undefined ? [] : [{ tool: 'submit', arguments: { answer } }]),
    ],
    declares: { writes: [], ...declares },
    secrets: canaries,
  };
}
