import {
  type AuditLine,
  type AuditName,
  auditNames,
  flawIf,
  notLookedAt,
  type TaskAudit,
} from '../check/audit/audit-line.ts';
import { type SuiteAudit, suiteAudit } from '../check/audit/audit-suite.ts';
import { auditTasks } from '../check/audit/audit-task.ts';
import type { AuditParts } from '../check/audit/killed.ts';
import { pinnedLine } from '../check/audit/pinned.ts';
import { instancesLine, seedLine } from '../check/audit/seed.ts';
import type { InstanceGroup } from '../check/check-instances.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { connectEngine } from '../sandbox/docker/engine.ts';
import { didYouMean } from '../schema/nearest.ts';
import { loadGenerator } from '../task/generate/generator.ts';
import { instanceOf } from '../task/generate/instance.ts';
import { isGenerated } from '../task/generator-file.ts';
import { freshSeed } from './instance.ts';
import { type ProveOptions, prove } from './prove.ts';
import { setupFlags } from './selection.ts';
import { suiteOf } from './suite-file.ts';
import { findTargets, setupOf } from './target.ts';
import { withAskedImages } from './task.ts';

export interface AuditOptions extends ProveOptions {
  /** Only these tasks of the suite, by name with or without that of the suite; all when absent. */
  task?: readonly string[];
}

/** An audit, and where its sandboxes ran. */
export interface Audited extends SuiteAudit {
  /** Where the suite lies. */
  dir: string;
  sandbox: string;
}

/**
 * Looks for flaws of a suite by playing it: floors, ceiling, cheats, leaks, repetition, instances. Throws `not-found` or `bad-file` where it can't be
 * read, and `interrupted` where it was stopped.
 */
export async function audit(path: string, { task = [], ...options }: AuditOptions = {}): Promise<Audited> {
  const flags = setupFlags(options);
  const { say = () => {} } = options;
  const { tasks: found } = findTargets([path], flags);
  if (found.length === 0) throw new ProctorError('not-found', `${path}: there is no task in it`);
  const targets = task.length === 0 ? found : named(found, task);
  const suite = suiteOf(targets.map(({ task }) => task));
  return prove(targets, { ...options, what: 'audit', times: 2 }, async (setup, checkParts) => {
    const parts: AuditParts = {
      ...checkParts,
      ...(setup.provider.name === 'docker' && { killSandbox: killContainer }),
    };
    say(`${several(setup.setups.length, 'task')}: what proves them, then guesses and cheats`);
    const played = await auditTasks(setup.setups, parts, say);
    const audits: TaskAudit[] = [];
    for (const target of targets) {
      const reason = setup.skipped.find(({ task }) => task === target.task.name)?.reason;
      const own = played.find(({ task }) => task === target.task.name) ?? unplayed(target, reason);
      if (isGenerated(target.task.dir)) say(`${target.task.name}: ${several(instances, 'fresh instance')}`);
      const seeded = await instanceLines(target, flags, setup.setups.includes(target) ? parts : reason);
      audits.push({ ...own, lines: [...own.lines, pinnedLine(target), ...seeded] });
    }
    return { dir: suite.dir, sandbox: setup.sandboxNote, ...suiteAudit(suite.name, audits, suite.declared) };
  });
}

/** Throws `not-found` naming the nearest that there is. */
function named(found: readonly TaskSetup[], names: readonly string[]): TaskSetup[] {
  const callsOf = ({ task: { name } }: TaskSetup) => [name, name.split('/').at(-1) ?? name];
  for (const name of names)
    if (!found.some((one) => callsOf(one).includes(name)))
      throw new ProctorError(
        'not-found',
        `--task ${name}: no such task in this suite${didYouMean(name, found.flatMap(callsOf))}`,
      );
  return found.filter((one) => callsOf(one).some((name) => names.includes(name)));
}

const killContainer = (id: string): Promise<void> => connectEngine().getContainer(id).kill();

/** How many instances of a task are made. */
const instances = 3;

/** What fresh instances tell, which are played where `play` is no reason why that can't be done. */
async function instanceLines(
  published: TaskSetup,
  flags: ReturnType<typeof setupFlags>,
  play: AuditParts | string | undefined,
): Promise<AuditLine[]> {
  const none = 'it has no generate.ts';
  if (!isGenerated(published.task.dir)) return [notLookedAt('seed', none), notLookedAt('instances', none)];
  const group = await freshInstances(published, flags).catch((error: unknown) => {
    if (error instanceof ProctorError && error.code === 'bad-file') return error;
    throw error;
  });
  if (group instanceof ProctorError)
    return [flawIf('seed', [group.message], ''), notLookedAt('instances', 'none could be made')];
  const played =
    typeof play === 'object' ? await instancesLine(group, play) : notLookedAt('instances', play ?? unset);
  return [seedLine(group), played];
}

async function freshInstances(
  published: TaskSetup,
  flags: ReturnType<typeof setupFlags>,
): Promise<InstanceGroup> {
  const { task } = published;
  const generator = await loadGenerator(task.dir);
  const made: TaskSetup[] = [];
  for (const seed of Array.from({ length: instances }, freshSeed)) {
    const instance = withAskedImages(await instanceOf(task, { seed, generator }), flags);
    made.push(
      ...setupOf(instance, flags.environments, (_, error) => {
        throw error;
      }),
    );
  }
  return { published, instances: made };
}

const unset = 'it could not be set up';
/** What is told of tasks that can't be played here too. */
const readNames: readonly AuditName[] = ['pinned', 'seed', 'instances', 'human'];

function unplayed({ task, environment }: TaskSetup, reason = unset): TaskAudit {
  const names = (Object.keys(auditNames) as AuditName[]).filter((one) => !readNames.includes(one));
  const lines = names.map((one) => notLookedAt(one, reason));
  return { task: task.name, digest: task.digest, environmentDigest: environment.digest, lines };
}
