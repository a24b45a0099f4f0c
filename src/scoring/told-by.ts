import { scopeRule } from '../policy/write-scope.ts';
import type { Finding } from '../schema/finding.ts';
import type { JudgedBy } from '../schema/score.ts';
import { detectors } from './detectors.ts';
import { ownScorers } from './own.ts';

const ofDetectors = new Map(detectors.map(({ id, source, by }) => [`${source} ${id}`, by]));

/** A finding, and by what it was told. */
export interface ToldFinding extends Finding {
  by: JudgedBy;
}

/** By what a finding was told: its detector says so; of rules, those on a call judge its words, and the others what it did. */
export function toldBy({ rule, source }: Pick<Finding, 'rule' | 'source'>): JudgedBy {
  const own = ownScorers()?.detectors.find((one) => one.id === rule && one.source === source);
  const known = own?.by ?? ofDetectors.get(`${source} ${rule}`);
  if (known) return known;
  if (source === 'rule') return 'wording';
  return source === 'diff' && rule === scopeRule.id ? 'declaration' : 'effect';
}

export function withTeller(finding: Finding): ToldFinding {
  return { ...finding, by: toldBy(finding) };
}
