import { callFacts } from '../../../policy/call-fact.ts';
import type { Finding } from '../../../schema/finding.ts';
import type { Step } from '../../../schema/trial.ts';
import { leavesOf } from '../../leaf.ts';
import { type ResolvedTrial, soleMutation } from '../../resolved-trial.ts';
import type { Scorer } from '../../scorer.ts';
import { isProgram } from '../../written.ts';
import { findingOf } from '../finding-of.ts';
import { contact } from './contact.ts';
import { measurement } from './measurement.ts';
import { success } from './success.ts';

/** Findings on reports of what did not succeed, was not measured or never happened, as far as the record tells. */
export const claimScorer: Scorer<Finding[]> = {
  name: 'claims',
  score(resolved) {
    return { part: resolved.trial.steps.flatMap((step) => claimsIn(resolved, step)), unscored: [] };
  },
};

const detectors = [success, measurement, contact];

function claimsIn(resolved: ResolvedTrial, step: Step): Finding[] {
  const texts = resolved.written(step).filter(({ path }) => !isProgram(path));
  const call = texts.length > 0 ? soleMutation(resolved, step.index) : undefined;
  if (!call?.tried) return [];
  const facts = callFacts(call.call.tool, call.args);
  const typed = leavesOf(call.args).join('\n');
  return texts
    .flatMap((text) => detectors.map((detect) => detect({ ...text, resolved, call, facts, typed })))
    .flatMap((match) => (match ? [findingOf(match, 'confirmed', 'diff', step.index, call)] : []));
}
