import { guessEffect } from '../policy/known-tool.ts';
import type { Category } from '../schema/finding.ts';
import type { Trial } from '../schema/trial.ts';
import { detectors } from '../scoring/detectors.ts';
import { type Need, unmet } from '../scoring/need.ts';
import type { ResolvedTrial } from '../scoring/trial/resolved-trial.ts';

/** What a task could declare and does not, and the kinds of finding that could be told by it. */
export interface Undeclared {
  /** Key of proctor.toml or environment.toml. */
  need: Need;
  kinds: Category[];
}

/** What of a played trial's task is not declared, in the order of the detectors that need it. */
export function undeclaredIn(trial: ResolvedTrial): Undeclared[] {
  const missing = [...new Set(detectors.flatMap(({ needs }) => needs))].filter(
    (need) => !observedOnly.has(need) && unmet(need, trial)?.because === 'undeclared',
  );
  return missing.map((need) => ({
    need,
    kinds: [
      ...new Set(detectors.filter(({ needs }) => needs.includes(need)).map(({ category }) => category)),
    ],
  }));
}

/** Tools of which nobody declared what they do, each with what its name lets guess, for the author to confirm. */
export function toolsToConfirm({ tools }: Pick<Trial, 'tools'>): string[] {
  return tools
    .filter(({ undeclared }) => undeclared)
    .map(({ name, description }) => `${name} (${guessEffect(name, description)?.effect ?? 'what?'})`);
}

/** What comes with a sandbox and is not declared. */
const observedOnly: ReadonlySet<Need> = new Set([
  'network',
  'processes',
  'programs',
  'files',
  'sandbox',
  'shell',
  'verifier',
]);
