import {
  type AuditLine,
  type AuditName,
  auditNames,
  notLookedAt,
  type TaskAudit,
} from '../check/audit/audit-line.ts';
import { type SuiteAudit, suiteAudit } from '../check/audit/audit-suite.ts';
import { auditTasks } from '../check/audit/audit-task.ts';
import { pinnedLine } from '../check/audit/pinned.ts';
import { seedLine } from '../check/audit/seed.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { ProctorError } from '../errors.ts';
import { freshSeed } from './instance.ts';
import { type ProveOptions, prove } from './prove.ts';
import { setupFlags } from './selection.ts';
import { suiteOf } from './suite-file.ts';
import { findTargets } from './target.ts';

/** An audit, and where its sandboxes ran. */
export interface Audited extends SuiteAudit {
  sandbox: string;
}

/**
 * Looks for flaws of a suite by playing it: floors, ceiling, cheats, leaks, repetition. Throws `not-found` or `bad-file` where it can't be
 * read, and `interrupted` where it was stopped.
 */
export async function audit(path: string, options: ProveOptions = {}): Promise<Audited> {
  const { tasks: targets } = findTargets([path], setupFlags(options));
  if (targets.length === 0) throw new ProctorError('not-found', `${path}: there is no task in it`);
  const suite = suiteOf(targets.map(({ task }) => task));
  return prove(targets, { ...options, what: 'audit', times: 2 }, async (setup, parts) => {
    const played = await auditTasks(setup.setups, parts);
    const audits: TaskAudit[] = [];
    for (const target of targets) {
      const reason = setup.skipped.find(({ task }) => task === target.task.name)?.reason;
      const own = played.find(({ task }) => task === target.task.name) ?? unplayed(target, reason);
      audits.push({ ...own, lines: [...own.lines, ...(await readLines(target))] });
    }
    return { sandbox: setup.sandboxNote, ...suiteAudit(suite.name, audits, suite.declared) };
  });
}

/** How many instances of a task are compared. */
const seeds = 3;

/** What is told by files alone, also of tasks that can't be played here. */
async function readLines(setup: TaskSetup): Promise<AuditLine[]> {
  return [pinnedLine(setup), await seedLine(setup.task, Array.from({ length: seeds }, freshSeed))];
}

const readNames: readonly AuditName[] = ['pinned', 'seed', 'human'];

function unplayed({ task, environment }: TaskSetup, reason = 'it could not be set up'): TaskAudit {
  const names = (Object.keys(auditNames) as AuditName[]).filter((one) => !readNames.includes(one));
  const lines = names.map((one) => notLookedAt(one, reason));
  return { task: task.name, digest: task.digest, environmentDigest: environment.digest, lines };
}
