import { several } from '../format.ts';
import type { Contamination, ContaminationTest, ContaminationVerdict } from '../schema/contamination.ts';
import { isUnscored } from '../schema/score.ts';
import { holm } from '../statistic/multiple.ts';
import { tested, told } from './sign.ts';

/** Fewer base tasks are described, and not judged. */
export const fewestTasks = 10;
export const levels = {
  /** Adjusted p, and the least difference of shares. */
  suspicious: { p: 0.025, effect: 0.05 },
  strong: { p: 0.005, effect: 0.1 },
} as const;

/** Weaker agents guess more often, without knowing anything: that much more of it is no sign. */
export const guessing = 0.1;

type Evidence = Pick<Contamination, 'signs' | 'rank' | 'canaries' | 'reference'>;

/**
 * The tests that can be told, corrected together. Where a reference was asked for, each is the difference to it, and the rank test is left
 * out: variants that are harder for everybody would show in it too.
 */
export function testsOf({ signs, rank, reference }: Evidence): ContaminationTest[] {
  const content = signs.find(({ id }) => id === 'content');
  const gap = content && told(content.own) ? content.own.mean : 0;
  const tests: Omit<ContaminationTest, 'adjusted'>[] = signs.flatMap((sign) => {
    const found = tested(sign);
    return told(found) && found.units >= fewestTasks ? [{ id: sign.id, effect: found.mean, p: found.p }] : [];
  });
  if (reference === undefined && !isUnscored(rank) && rank.tasks >= fewestTasks)
    tests.push({ id: 'rank', effect: gap, p: rank.p });
  const adjusted = holm(tests.map(({ p }) => p));
  return tests.map((test, at) => ({ ...test, adjusted: adjusted[at] ?? 1 }));
}

const words: Record<ContaminationTest['id'], string> = {
  content: 'it does better at published content than at fresh content',
  rank: 'published instances stand above their variants more often than chance would have it',
  form: 'it does better in the published form than in another: it overfits to wording',
  unseen: 'in published instances it names what it has not seen more often than in variants',
  'unseen-anywhere': 'where it passes, it names what it has not seen more often than the reference does',
};

/** What the tests come to, and why. */
export function verdictOf(
  tests: readonly ContaminationTest[],
  { canaries }: Pick<Evidence, 'canaries'>,
): Pick<Contamination, 'verdict' | 'because'> {
  const completed = isUnscored(canaries) ? [] : canaries.completed;
  const canary =
    completed.length > 0
      ? [
          `planted values of published instances stand in ${several(completed.length, 'trial')} that never showed them`,
        ]
      : [];
  if (!tests.some(({ id }) => id === 'content' || id === 'form'))
    return {
      verdict: {
        unscored: `fewer than ${fewestTasks} independent base tasks were tried as published and otherwise, so that this is descriptive only`,
      },
      because: canary,
    };
  const reaches = ({ id, adjusted, effect }: ContaminationTest, level: 'suspicious' | 'strong') =>
    adjusted <= levels[level].p && effect >= (id === 'unseen-anywhere' ? guessing : levels[level].effect);
  const found = tests.filter((test) => reaches(test, 'suspicious'));
  const ofContent = found.filter(({ id }) => id === 'content' || id === 'rank');
  const isStrong = canary.length > 0 || ofContent.some((test) => reaches(test, 'strong'));
  const verdict: ContaminationVerdict = isStrong ? 'strong' : found.length > 0 ? 'suspicious' : 'no evidence';
  return { verdict, because: [...canary, ...found.map(({ id }) => words[id])] };
}
