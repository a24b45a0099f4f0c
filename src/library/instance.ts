import { createHash } from 'node:crypto';
import { ProctorError } from '../errors.ts';
import { loadGenerator } from '../task/generate/generator.ts';
import { instanceOf } from '../task/generate/instance.ts';
import { isGenerated } from '../task/generator-file.ts';
import type { Task } from '../task/task.ts';
import type { Mistakes } from './mistake.ts';
import { type ImageFlags, withAskedImages } from './task.ts';

/** Flags that ask for instances in the place of what is published. */
export interface InstanceFlags {
  /** How many of each task. */
  instances?: number;
  instanceSeed: readonly string[];
}

export const asksForInstances = ({ instances, instanceSeed }: InstanceFlags): boolean =>
  instances !== undefined || instanceSeed.length > 0;

/**
 * Instances of each task, by the seeds that were named, else by so many that `seedOf` gives. Tasks that are not generated, and those whose
 * generator fails, are told of; throws where `--instances` and `--instance-seed` are both there.
 */
export async function instancesOf(
  tasks: readonly Task[],
  flags: InstanceFlags & ImageFlags,
  { seedOf, mistakes }: { seedOf: (task: Task, index: number) => string; mistakes: Mistakes },
): Promise<Task[]> {
  const { instances = 0, instanceSeed } = flags;
  if (instances > 0 && instanceSeed.length > 0)
    throw new ProctorError('bad-flag', 'give one of --instances and --instance-seed');
  const made: Task[] = [];
  for (const task of tasks) {
    const seeds =
      instanceSeed.length > 0
        ? instanceSeed
        : Array.from({ length: instances }, (_, index) => seedOf(task, index));
    if (!isGenerated(task.dir)) {
      const problem = `${task.name}: has no generate.ts, so that there are no instances of it`;
      mistakes.leaveOut(task.name, new ProctorError('not-found', problem));
      continue;
    }
    try {
      const generator = await loadGenerator(task.dir);
      for (const seed of new Set(seeds)) made.push(withAskedImages(instanceOf(task, seed, generator), flags));
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      mistakes.tell(task.name, error);
    }
  }
  return made;
}

/** Seeds of instances that follow from a run's, so that a run with the same seed has the same instances. */
export const derivedSeed =
  (runSeed: string) =>
  ({ name }: Task, index: number): string =>
    shortSeed(`${runSeed}/${name}/${index}`);

/** Seeds that were never used before. */
export const freshSeed = (): string => shortSeed(crypto.randomUUID());

const shortSeed = (text: string) =>
  BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 16)}`)
    .toString(36)
    .slice(0, 8);
