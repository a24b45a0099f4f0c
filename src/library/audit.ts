import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import type { CheckParts, TaskSetup } from '../check/checked-trial.ts';
import { ProctorError } from '../errors.ts';
import { newRunId } from '../trace/run-file.ts';
import type { CheckOptions } from './check.ts';
import { freshSeed } from './instance.ts';
import { repeatableTrial } from './recorded-trial.ts';
import { setUpTasks, setupFlags } from './selection.ts';
import { suiteOf } from './suite-file.ts';
import { findTargets } from './target.ts';

/** What a suite's audit is asked to do: where it runs, and what follows it. */
export type AuditOptions = Pick<
  CheckOptions,
  | 'sandbox'
  | 'runtime'
  | 'environments'
  | 'tasks'
  | 'imageMap'
  | 'withPytest'
  | 'concurrency'
  | 'keep'
  | 'watchTrials'
  | 'say'
  | 'signal'
  | 'onServerMessage'
>;

/** An audit, and where its sandboxes ran. */
export interface Audited extends SuiteAudit {
  sandbox: string;
}

/**
 * Looks for flaws of a suite by playing it: floors, ceiling, cheats, leaks, repetition. Throws `not-found` or `bad-file` where it can't be
 * read, and `interrupted` where it was stopped.
 */
export async function audit(path: string, options: AuditOptions = {}): Promise<Audited> {
  const run = newRunId(new Date());
  const { concurrency = 4, keep, say = () => {}, onServerMessage } = options;
  const { signal = new AbortController().signal, watchTrials: watch = () => ({ stop() {} }) } = options;
  const flags = setupFlags(options);
  const { tasks: targets } = findTargets([path], flags);
  if (targets.length === 0) throw new ProctorError('not-found', `${path}: there is no task in it`);
  const suite = suiteOf(targets.map(({ task }) => task));
  const setup = await setUpTasks(targets, { ...flags, poolSize: concurrency, runId: run, say });
  const { provider, sandboxNote: sandbox } = setup;
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'proctor-audit-'));
  const parts: CheckParts = {
    ...{ dir, run, provider, concurrency, times: 2, signal, watch, openRecordedTrial: repeatableTrial },
    ...(onServerMessage && { onServerMessage }),
  };
  try {
    const played = await auditTasks(setup.setups, parts);
    const audits: TaskAudit[] = [];
    for (const target of targets) {
      const reason = setup.skipped.find(({ task }) => task === target.task.name)?.reason;
      const own = played.find(({ task }) => task === target.task.name) ?? unplayed(target, reason);
      audits.push({ ...own, lines: [...own.lines, ...(await readLines(target))] });
    }
    return { sandbox, ...suiteAudit(suite.name, audits, suite.declared) };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ProctorError('interrupted', 'the audit was stopped', { cause: error });
  } finally {
    await provider.close();
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
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
