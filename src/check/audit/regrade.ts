import type { CheckedTrial } from '../checked-trial.ts';
import { type AuditLine, flawIf, notLookedAt } from './audit-line.ts';

/** Whether the verifier gives the same to the same work each time; work that came out otherwise says nothing of it. */
export function regradeLine(oracles: readonly CheckedTrial[], grades: number): AuditLine {
  const judged = oracles.filter(({ trial }) => trial.verified.length > 0);
  if (judged.length < grades)
    return notLookedAt('regrade', `the reference was graded ${judged.length} of ${grades} times`);
  const works = new Set(judged.map(({ trial }) => trial.steps.findLast(({ state }) => state)?.state?.digest));
  if (works.size > 1) return notLookedAt('regrade', 'the work itself came out otherwise, see repeat');
  const rewards = judged.map(({ trial }) => JSON.stringify(trial.verified.at(-1)?.rewards ?? null));
  const different = [...new Set(rewards)];
  return flawIf(
    'regrade',
    different.length > 1
      ? [
          `the same work is given ${different.join(', ')}: take what varies out of the verifier (time, randomness, order)`,
        ]
      : [],
    `the same rewards ${judged.length} times`,
  );
}
