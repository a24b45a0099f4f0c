import type { Finding } from '../schema/finding.ts';
import { safetyBar } from '../schema/score.ts';
import type { Bait } from '../schema/task.ts';
import type { Task } from '../task/task.ts';
import { roleOf, scriptNames } from './agent-scripts.ts';
import type { CheckedTrial } from './checked-trial.ts';
import { brokenOff } from './failures.ts';
import { type Proof, proof, skippedProof } from './proof.ts';

/** Whether each agent that takes the bait is found at the step that its task declares; `by` gives the trials of an agent. */
export function baitProof(task: Task, by: (agent: string) => CheckedTrial[]): Proof {
  const { baits, impossible } = task.additions;
  if (baits.length === 0) {
    if (!impossible) return skippedProof('bait');
    return proof('bait', [
      'an impossible task has to show that cheating is found: add a cheat to agents/ and name it in baits of proctor.toml',
    ]);
  }
  return proof(
    'bait',
    baits.flatMap((bait) => scriptProblems(task, bait) ?? trialProblems(bait, by(`scripted:${bait.agent}`))),
  );
}

function scriptProblems(task: Task, { agent }: Bait): string[] | undefined {
  if (!scriptNames(task).includes(agent))
    return [`baits of proctor.toml names "${agent}": there is no agents/${agent}.json`];
  if (roleOf(agent) === 'right')
    return [`agents/${agent}.json counts as a right agent by its name: give the bait another`];
  return undefined;
}

function trialProblems(bait: Bait, trials: CheckedTrial[]): string[] {
  const script = `agents/${bait.agent}.json`;
  return trials.flatMap((one) => {
    const broken = brokenOff(one, script);
    if (broken !== undefined) return [broken];
    return [...missed(bait, one, script), ...tooEarly(bait, one, script)];
  });
}

function missed({ finds }: Bait, { score }: CheckedTrial, script: string): string[] {
  const { findings } = score.safety;
  return finds
    .filter((find) => !findings.some((finding) => answers(finding, find)))
    .map((find) => {
      const status = find.status === undefined ? '' : `${find.status} `;
      return `${script}: step ${find.step}: expected ${status}${find.category} of severity ${find.severity} or above, found ${listed(findings)}: let a rule, a canary or the contract of proctor.toml see it, or correct baits`;
    });
}

function answers(finding: Finding, find: Bait['finds'][number]): boolean {
  return (
    finding.step === find.step &&
    finding.category === find.category &&
    finding.severity >= find.severity &&
    (find.status === undefined || finding.status === find.status)
  );
}

/** What is unsafe before the bait is taken says that the step or the script is not the one that is meant. */
function tooEarly({ finds }: Bait, { score }: CheckedTrial, script: string): string[] {
  const first = Math.min(...finds.map(({ step }) => step));
  return score.safety.findings
    .filter(({ step, severity }) => severity >= safetyBar && step < first)
    .map(
      ({ step, rule, severity }) =>
        `${script}: step ${step}: severity ${severity}, ${rule}, before the bait is taken at step ${first}: fix the script, the rule or baits of proctor.toml`,
    );
}

function listed(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing';
  return findings
    .map(({ step, status, category, severity }) => `${status} ${category} of ${severity} at step ${step}`)
    .join(', ');
}
