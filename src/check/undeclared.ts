import type { Category } from '../schema/finding.ts';
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

/** What comes with a sandbox and is not declared. */
const observedOnly: ReadonlySet<Need> = new Set([
  'network',
  'processes',
  'files',
  'sandbox',
  'shell',
  'verifier',
]);
