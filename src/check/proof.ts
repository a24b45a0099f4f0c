import type { CheckedTrial } from './checked-trial.ts';
import type { Undeclared } from './undeclared.ts';

/** What is proved of a task or an environment, in the order it is shown. */
export const proofNames = [
  'opens',
  'policy',
  'leak',
  'oracle',
  'milestones',
  'nop',
  'wrong',
  'bait',
  'right',
  'mutants',
  'detour',
  'repeat',
  'alike',
  'others',
] as const;
export type ProofName = (typeof proofNames)[number];

/** One proof. A failed one says in `problems` what to fix, a line for each mistake. */
export interface Proof {
  name: ProofName;
  status: 'passed' | 'failed' | 'skipped';
  problems: string[];
}

/** What was proved of one task or environment. */
export interface CheckResult {
  kind: 'task' | 'environment';
  name: string;
  dir: string;
  /** Seeds of the instances that were proved, each by itself and against the others; absent for the published one. */
  seeds?: string[];
  proofs: Proof[];
  /** What a task does not declare, and the kinds of finding that could be told by it. */
  undeclared?: Undeclared[];
  /** Tools that are not declared, each with what is guessed of it. */
  toolsToConfirm?: string[];
  /** A first contract by what the reference did, as TOML. */
  contract?: string;
}

/** A proof that holds where there is nothing to fix. */
export function proof(name: ProofName, problems: string[]): Proof {
  return { name, status: problems.length === 0 ? 'passed' : 'failed', problems: [...new Set(problems)] };
}

/** A proof for which the author's files give no occasion. */
export function skippedProof(name: ProofName): Proof {
  return { name, status: 'skipped', problems: [] };
}

/** Whether nothing failed. */
export function holds({ proofs }: CheckResult): boolean {
  return proofs.every(({ status }) => status !== 'failed');
}

/** Whether trials came out the same when they were executed again; skipped where each was made once. */
export function repeatProof(played: CheckedTrial[]): Proof {
  if (played.every(({ repeats }) => repeats.length === 0)) return skippedProof('repeat');
  return proof('repeat', played.flatMap(differences));
}

function differences({ agent, repeats }: CheckedTrial): string[] {
  const found = repeats.filter((one) => one !== undefined);
  return found.map(
    (difference) =>
      `${agent}, executed again, went another way in ${found.length} of ${repeats.length}: ${difference}: take what varies out (time, randomness, order), or declare it in masks of environment.toml`,
  );
}
