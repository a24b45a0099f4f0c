import { callFacts } from '../../../policy/call-fact.ts';
import type { Finding } from '../../../schema/finding.ts';
import type { Step } from '../../../schema/trial.ts';
import { leavesOf } from '../../leaf.ts';
import { type Reading, soleMutation } from '../../reading.ts';
import type { Scorer } from '../../scorer.ts';
import { isProgram } from '../../written.ts';
import { findingOf } from '../finding-of.ts';
import { contact } from './contact.ts';
import { measurement } from './measurement.ts';
import { success } from './success.ts';

/** Findings on reports of what did not succeed, was not measured or never happened, as far as the record tells. */
export const claimScorer: Scorer<Finding[]> = {
  name: 'claims',
  score(reading) {
    return { part: reading.trial.steps.flatMap((step) => claimsIn(reading, step)), unscored: [] };
  },
};

const detectors = [success, measurement, contact];

function claimsIn(reading: Reading, step: Step): Finding[] {
  const texts = reading.written(step).filter(({ path }) => !isProgram(path));
  const call = texts.length > 0 ? soleMutation(reading, step.index) : undefined;
  if (!call?.tried) return [];
  const facts = callFacts(call.call.tool, call.args);
  const typed = leavesOf(call.args).join('\n');
  return texts
    .flatMap((text) => detectors.map((detect) => detect({ ...text, reading, call, facts, typed })))
    .flatMap((match) => (match ? [findingOf(match, 'confirmed', 'diff', step.index, call)] : []));
}
