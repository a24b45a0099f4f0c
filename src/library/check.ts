import { checkEnvironments } from '../check/check-environments.ts';
import { checkInstances, type InstanceGroup } from '../check/check-instances.ts';
import { checkTasks } from '../check/check-tasks.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { type CheckResult, holds } from '../check/proof.ts';
import type { ProctorError } from '../errors.ts';
import type { Run } from '../schema/run.ts';
import { asksForInstances, freshSeed, type InstanceFlags, instancesOf } from './instance.ts';
import { listOf } from './list.ts';
import { Mistakes } from './mistake.ts';
import { type ProveOptions, prove } from './prove.ts';
import { setupFlags } from './selection.ts';
import { findTargets, setupOf } from './target.ts';

export interface CheckOptions extends ProveOptions {
  /** Instances of each task that has a generate.ts, by fresh seeds, in its place. */
  instances?: number;
  /** The instances of these seeds. */
  instanceSeed?: string | readonly string[];
  /** Changes of their form, such as `wording,keys:2`. */
  perturb?: string;
  /** How often each trial is made; 2 when absent, so that what does not come out the same is seen. */
  times?: number;
}

/** What was proved of tasks and environments. */
export interface Checked {
  /** Whether nothing failed, and something was proved. */
  passed: boolean;
  /** Where sandboxes ran, and why there. */
  sandbox: string;
  checked: CheckResult[];
  skipped: Run['skipped'];
  /** What is wrong with tasks that could not be read. */
  mistakes: ProctorError[];
}

/**
 * Proves tasks and environments in fresh sandboxes and says what to fix: the reference succeeds, doing nothing does not, and so on.
 * Throws `not-found` or `bad-file` where there is nothing to prove, and `interrupted` where it was stopped.
 */
export async function check(paths: string | readonly string[], options: CheckOptions = {}): Promise<Checked> {
  const { times = 2, say = () => {} } = options;
  const flags = setupFlags(options);
  const mistakes = new Mistakes();
  const targets = findTargets(listOf(paths), flags, mistakes.tell);
  const asked: InstanceFlags = {
    instanceSeed: listOf(options.instanceSeed),
    ...(options.instances !== undefined && { instances: options.instances }),
    perturb: options.perturb,
  };
  const groups = asksForInstances(asked)
    ? await groupsOf(targets.tasks, { ...flags, ...asked }, { mistakes, say })
    : undefined;
  const tasks = groups?.flatMap(({ published, instances }) => [published, ...instances]) ?? targets.tasks;
  const all = [...targets.environments, ...tasks];
  mistakes.requireSome(all, say);
  return prove(all, { ...options, what: 'check', times }, async (setup, parts) => {
    const usable = (some: readonly TaskSetup[]) => some.filter((one) => setup.setups.includes(one));
    const checked = [
      ...(await checkEnvironments(usable(targets.environments), parts)),
      ...(groups
        ? await checkInstances(usableOf(groups, usable), parts)
        : await checkTasks(usable(tasks), parts)),
    ];
    return {
      passed: checked.length > 0 && checked.every(holds),
      sandbox: setup.sandboxNote,
      checked,
      skipped: [...mistakes.skipped, ...setup.skipped],
      mistakes: mistakes.errors,
    };
  });
}

/** The instances that were asked for, of each task that has any. Their seeds are said, so that they can be asked for again. */
async function groupsOf(
  tasks: readonly TaskSetup[],
  flags: InstanceFlags & ReturnType<typeof setupFlags>,
  { mistakes, say }: { mistakes: Mistakes; say: (line: string) => void },
): Promise<InstanceGroup[]> {
  const groups: InstanceGroup[] = [];
  for (const published of tasks) {
    const made = await instancesOf([published.task], flags, { seedOf: freshSeed, mistakes, say });
    const instances = made.flatMap((task) => setupOf(task, flags.environments, mistakes.tell));
    if (instances.length === 0) continue;
    groups.push({ published, instances });
    say(`${published.task.name}: instances ${made.map(({ instance }) => instance?.seed).join(' ')}`);
  }
  return groups;
}

const usableOf = (
  groups: readonly InstanceGroup[],
  usable: (some: readonly TaskSetup[]) => TaskSetup[],
): InstanceGroup[] =>
  groups
    .map(({ published, instances }) => ({ published, instances: usable(instances) }))
    .filter(({ instances }) => instances.length > 0);
