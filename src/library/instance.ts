import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { ProctorError } from '../errors.ts';
import { askedLine } from '../report/asked.ts';
import type { Perturbation, Strength } from '../schema/instance.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { PrivateSplit } from '../schema/private-split.ts';
import { loadGenerator } from '../task/generate/generator.ts';
import { instanceOf } from '../task/generate/instance.ts';
import { tellSplit } from '../task/generate/made-folder.ts';
import { declaredSplit, derivedSecret, secretSeed } from '../task/generate/private-seed.ts';
import { isGenerated } from '../task/generator-file.ts';
import { perturbationNames } from '../task/perturb/perturbations.ts';
import type { Task } from '../task/task.ts';
import { askedOf } from '../trace/query-ledger.ts';
import type { Mistakes } from './mistake.ts';
import { type ImageFlags, withAskedImages } from './task.ts';

/** Flags that ask for instances in the place of what is published. */
export interface InstanceFlags {
  /** How many of each task. */
  instances?: number;
  instanceSeed: readonly string[];
  /** Changes of form, such as `wording,keys:2`. */
  perturb?: string | undefined;
  /** Of the private split that each task's suite declares. */
  private?: boolean;
  /** Beside what is published, and content and form each by themselves, so that they can be compared. */
  contrast?: boolean;
}

export const asksForInstances = (flags: InstanceFlags): boolean =>
  flags.private === true ||
  flags.instances !== undefined ||
  flags.instanceSeed.length > 0 ||
  flags.perturb !== undefined;

interface InstanceParts {
  seedOf: (task: Task, index: number) => string;
  mistakes: Mistakes;
  say: (line: string) => void;
}

/**
 * Instances of each task, by the seeds that were named, else by so many that `seedOf` gives; where only a change of form is asked for, the
 * published content in that form. Tasks that have no generator, and those whose generator fails, are told of, and so are changes
 * that a task gave no occasion for. Throws `bad-flag`.
 */
export async function instancesOf(
  tasks: readonly Task[],
  flags: InstanceFlags & ImageFlags,
  parts: InstanceParts,
): Promise<Task[]> {
  if (flags.contrast) return contrasted(tasks, flags, parts);
  if (flags.private) return privateInstances(tasks, flags, parts);
  const { instances, instanceSeed } = flags;
  if (instances !== undefined && instanceSeed.length > 0)
    throw new ProctorError('bad-flag', 'give one of --instances and --instance-seed');
  const perturb = flags.perturb === undefined ? [] : perturbationsIn(flags.perturb);
  const ownContent = instances !== undefined || instanceSeed.length > 0;
  const made: Task[] = [];
  for (const task of tasks) {
    const count = Array.from({ length: instances ?? 1 });
    const seeds = new Set(
      instanceSeed.length > 0 ? instanceSeed : count.map((_, index) => parts.seedOf(task, index)),
    );
    if (!isGenerated(task.dir) && (perturb.length === 0 || instances !== undefined)) {
      const problem = `${task.name}: has no generate.ts, so that there are no instances of it`;
      parts.mistakes.leaveOut(task.name, new ProctorError('not-found', problem));
      continue;
    }
    try {
      const generator = ownContent && isGenerated(task.dir) ? await loadGenerator(task.dir) : undefined;
      for (const seed of seeds) {
        const instance = await instanceOf(task, { seed, generator, perturb });
        made.push(withAskedImages(instance, flags));
        for (const { name, notApplied } of instance.instance?.perturbations ?? [])
          if (notApplied !== undefined) parts.say(`${instance.name}: ${name} is not applied: ${notApplied}`);
      }
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      parts.mistakes.tell(task.name, error);
    }
  }
  return made;
}

/** Instances of each task by the private seed of its suite. Throws `bad-file` where that is no secret, and `bad-flag`. */
async function privateInstances(
  tasks: readonly Task[],
  { instances = 1, instanceSeed, perturb, ...images }: InstanceFlags & ImageFlags,
  { mistakes, say }: InstanceParts,
): Promise<Task[]> {
  if (instanceSeed.length > 0 || perturb !== undefined)
    throw new ProctorError('bad-flag', '--private: not together with --instance-seed or --perturb');
  const made: Task[] = [];
  const splits = new Map<string, PrivateSplit>();
  for (const task of tasks) {
    const dir = dirname(task.dir);
    const split = splits.get(dir) ?? declaredSplit(dir);
    if (!split || !isGenerated(task.dir)) {
      const lacks = split ? 'has no generate.ts' : 'is of a suite without [private] in its suite.toml';
      mistakes.leaveOut(task.name, new ProctorError('not-found', `${task.name}: ${lacks}`));
      continue;
    }
    if (!splits.has(dir)) say(askedLine(askedOf(split)));
    splits.set(dir, split);
    const secret = secretSeed(dir, split);
    try {
      const generator = await loadGenerator(task.dir);
      for (const index of Array.from({ length: instances }).keys()) {
        const seed = derivedSecret(secret, task.name, index);
        const instance = await instanceOf(task, { seed, secretAs: `private-${index + 1}`, generator });
        tellSplit(instance, split);
        made.push(withAskedImages(instance, images));
      }
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      mistakes.tell(task.name, error);
    }
  }
  return made;
}

/** What is published of tasks that have a generator, their variants in the usual form, and what is published in another form. */
async function contrasted(
  tasks: readonly Task[],
  { instances, instanceSeed, perturb, contrast: _, ...flags }: InstanceFlags & ImageFlags,
  parts: InstanceParts,
): Promise<Task[]> {
  const generated = tasks.filter(({ dir }) => isGenerated(dir));
  const content = { ...flags, instanceSeed, ...(instances !== undefined && { instances }) };
  const variants = await instancesOf(tasks, content, parts);
  const forms =
    perturb === undefined ? [] : await instancesOf(generated, { ...flags, instanceSeed: [], perturb }, parts);
  return [...generated, ...variants, ...forms];
}

/** `wording,keys:2` → names and strengths; 1 where none is given. Throws `bad-flag`. */
function perturbationsIn(text: string): Pick<Perturbation, 'name' | 'strength'>[] {
  return text.split(',').map((part) => {
    const [, name = '', strength = '1'] = /^([a-z]+)(?::([123]))?$/.exec(part.trim()) ?? [];
    if (!perturbationNames.includes(name)) {
      const hint = didYouMean(part.split(':')[0] ?? '', perturbationNames);
      throw new ProctorError(
        'bad-flag',
        `--perturb ${part}: expected ${perturbationNames.join(', ')}, with a strength from 1 to 3 as in wording:2${hint}`,
      );
    }
    return { name, strength: Number(strength) as Strength };
  });
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
