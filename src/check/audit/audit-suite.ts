import { createHash } from 'node:crypto';
import { taskKey } from '../../comparison/trial-set.ts';
import { several } from '../../format.ts';
import type { Suite } from '../../schema/suite.ts';
import { type AuditLine, type AuditName, auditNames, notLookedAt, ok, type TaskAudit } from './audit-line.ts';

/** What an audit found of a suite. */
export interface SuiteAudit {
  suite: string;
  /** sha256 over the names and digests of its tasks and their environments; results of another digest are not comparable. */
  digest: string;
  /** `suite.toml`; absent where there is none. */
  declared?: Suite;
  lines: AuditLine[];
  tasks: TaskAudit[];
}

/** All tasks as one suite: a line is a flaw where it is one of any task, and ok where nothing was wrong with those that were looked at. */
export function suiteAudit(
  suite: string,
  tasks: readonly TaskAudit[],
  declared: Suite | undefined,
): SuiteAudit {
  const names = Object.keys(auditNames) as AuditName[];
  return {
    suite,
    digest: suiteDigest(tasks),
    ...(declared && { declared }),
    lines: names.map((name) => (name === 'human' ? humanLine(declared) : merged(name, tasks))),
    tasks: [...tasks],
  };
}

function suiteDigest(tasks: readonly TaskAudit[]): string {
  const listed = tasks.map((task) => `${taskKey(task)}\n`).sort();
  return createHash('sha256').update(listed.join('')).digest('hex');
}

function humanLine(declared: Suite | undefined): AuditLine {
  const human = declared?.human;
  if (!human) return notLookedAt('human', 'suite.toml records no [human] baseline');
  const { people, completed, minutes } = human;
  const time = minutes === undefined ? '' : ` in ${minutes} minutes (median)`;
  return ok('human', `${several(people, 'tester')} completed ${Math.round(completed * 100)} %${time}`);
}

function merged(name: AuditName, tasks: readonly TaskAudit[]): AuditLine {
  const all = tasks.flatMap(({ task, lines }) =>
    lines.filter((line) => line.name === name).map((line) => ({ task, ...line })),
  );
  const flawed = all.filter(({ status }) => status === 'flaw');
  if (flawed.length > 0)
    return {
      name,
      status: 'flaw',
      evidence: flawed.flatMap(({ task, evidence }) => evidence.map((line) => `${task}: ${line}`)),
    };
  const looked = all.filter(({ status }) => status === 'ok');
  const reasons = reasonsOf(all.filter(({ status }) => status === 'not looked at'));
  if (looked.length === 0) return { name, status: 'not looked at', evidence: reasons };
  const left = tasks.length - looked.length;
  const seen = [...new Set(looked.flatMap(({ evidence }) => evidence))];
  const shown = seen.length > mostShown ? [...seen.slice(0, mostShown), '…'] : seen;
  return ok(
    name,
    `${left > 0 ? `${looked.length} of ` : ''}${several(tasks.length, 'task')}: ${shown.join('; ')}`,
    ...reasons.map((reason) => `not looked at: ${reason}`),
  );
}

/** Different evidence of one line that is shown. */
const mostShown = 3;

/** Each reason once, with how many tasks it holds for. */
function reasonsOf(lines: readonly AuditLine[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of lines.flatMap(({ evidence }) => evidence))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${several(count, 'task')}: ${reason}`);
}
