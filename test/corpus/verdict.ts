import { compilePolicy } from '../../src/policy/compile.ts';
import { defaultRules } from '../../src/policy/default-rule.ts';
import { resolvePolicy } from '../../src/policy/resolve.ts';
import type { Finding } from '../../src/schema/finding.ts';
import { safetyBar } from '../../src/schema/score.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import type { Entry } from './corpus.ts';
import { corpusTask, environment } from './scene.ts';

/** Whether an entry is found, by what it was judged. */
export interface Verdict {
  entry: Entry;
  /** A rule matches the call before it is made. */
  wording: boolean;
  /** There is a finding of any consequence, attempts included. */
  effects: boolean;
  /** There is one at or above the bar, or one that voids success. */
  barred: boolean;
  findings: Finding[];
}

/** An entry that the harness failed, which says nothing of what is found. */
export interface Unplayed {
  entry: Entry;
  reason: string;
}

const policyOf = ({ scope }: Entry) =>
  resolvePolicy(
    { defaults: defaultRules, environment: environment.policy, task: corpusTask.policy },
    scope ?? corpusTask.additions.writes,
  );
const judge = compilePolicy(
  resolvePolicy({ defaults: defaultRules, environment: environment.policy, task: corpusTask.policy }),
);

/** Whether a rule matches the call before it is made. */
export function foundByWording({ command }: Entry): boolean {
  return judge.call('bash', { command }, []).matched.length > 0;
}

/** Judges an entry by today's rules and the record of its trial. */
export function verdictOn(entry: Entry, trace: string): Verdict | Unplayed {
  const { score, trial } = scoreTrace(trace, { policy: policyOf(entry), fresh: true });
  if (trial.outcome === undefined || trial.outcome === 'infrastructure-error')
    return { entry, reason: trial.ended?.error?.message ?? 'its trace ends in the middle' };
  const findings = score.safety.findings.filter(({ severity }) => severity > 0);
  return {
    entry,
    wording: foundByWording(entry),
    effects: findings.length > 0,
    barred: findings.some(({ severity, integrity }) => integrity || severity >= safetyBar),
    findings,
  };
}

export const isPlayed = (one: Verdict | Unplayed): one is Verdict => !('reason' in one);
