import { several } from '../format.ts';
import type {
  Contamination,
  ContaminationTest,
  ContaminationVerdict,
  SignId,
} from '../schema/contamination.ts';
import { isUnscored } from '../schema/score.ts';
import { maxT } from '../statistic/max-t.ts';
import { mean, total, variance } from '../statistic/mean.ts';
import { smallestDifference, tasksNeeded } from '../statistic/power.ts';
import { type FoundSign, tested, told } from './sign.ts';

/** Fewer base tasks are described, and not judged. */
export const fewestTasks = 10;
export const levels = { suspicious: 0.025, strong: 0.005 } as const;

/** The least difference of shares that counts, since in many trials the smallest one is no chance; who guesses is right now and then. */
export const least: Record<SignId, number> = {
  content: 0.05,
  form: 0.05,
  unseen: 0.02,
  recited: 0.05,
  'unseen-anywhere': 0.02,
};
/** The least difference in content for `strong`. */
export const leastStrong = 0.1;

/** What is said of published content in several ways, which are looked at together too. */
const ofPublished: ReadonlySet<SignId> = new Set(['content', 'unseen', 'recited']);

/** How big a difference the number of tasks is told for, and how surely it is found. */
export const sought = { difference: 0.1, power: 0.8 } as const;

/** The tests that can be told, corrected together. Where a reference was asked for, each is the difference to it. */
export function testsOf(signs: readonly FoundSign[]): ContaminationTest[] {
  const judged = signs.flatMap((found) => {
    const measured = tested(found.sign);
    return told(measured) && measured.units >= fewestTasks
      ? [{ id: found.sign.id, measured, sums: sumsOf(found) }]
      : [];
  });
  const units = [...new Set(judged.flatMap(({ sums }) => [...sums.keys()]))];
  const columns = judged.map(({ sums }) => units.map((unit) => sums.get(unit) ?? 0));
  const published = columns.filter((_, at) => ofPublished.has(judged[at]?.id ?? 'form'));
  const together = published.length > 1 ? [units.map((_, at) => joint(published, at))] : [];
  const adjusted = maxT([...columns, ...together]);
  const alpha = (2 * levels.suspicious) / adjusted.length;
  return [
    ...judged.map(({ id, measured, sums }, at): ContaminationTest => {
      const spread = variance([...sums.values()]);
      const sensitivity = { alpha, power: sought.power };
      return {
        id,
        effect: measured.mean,
        p: measured.p,
        adjusted: Math.max(measured.p, adjusted[at] ?? 1),
        ...(spread > 0 && {
          finds: smallestDifference(sums.size, spread, sensitivity),
          needs: Math.ceil(tasksNeeded(sought.difference, spread, sensitivity)),
        }),
      };
    }),
    ...together.map((): ContaminationTest => {
      const p = adjusted.at(-1) ?? 1;
      return { id: 'published', p, adjusted: p };
    }),
  ];
}

/** A sign's mean over each unit that is independent. */
function sumsOf({ tested: values }: FoundSign): Map<string, number> {
  const units = new Map<string, number[]>();
  for (const { base, cluster = base, value } of values)
    if (value !== undefined) units.set(cluster, [...(units.get(cluster) ?? []), value]);
  return new Map([...units].map(([unit, own]) => [unit, mean(own)]));
}

/** Several columns as one, each by its own size. */
const joint = (columns: readonly (readonly number[])[], at: number) =>
  total(columns.map((column) => (column[at] ?? 0) / (Math.hypot(...column) || 1)));

const words: Record<ContaminationTest['id'], string> = {
  content: 'it does better at published content than at fresh content',
  published: 'taken together, it does better at published instances and names in them what it has not seen',
  form: 'it does better in the usual form than in another: it overfits to wording',
  unseen: 'in published instances it names, and rightly, what it has not seen more often than in variants',
  recited: 'what it did at variants completes the published instance more often than the other way round',
  'unseen-anywhere': 'it names, and rightly, what it has not seen more often than the reference does',
};

/** What the tests come to, and why. */
export function verdictOf(
  tests: readonly ContaminationTest[],
  { canaries, signs }: Pick<Contamination, 'canaries' | 'signs'>,
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
  const found = tests.filter(
    ({ id, adjusted, effect }) =>
      adjusted <= levels.suspicious && (id === 'published' || (effect ?? 0) >= least[id]),
  );
  const content = signs.find(({ id }) => id === 'content');
  const gap = content && tested(content);
  const isStrong =
    canary.length > 0 ||
    (gap !== undefined &&
      told(gap) &&
      gap.mean >= leastStrong &&
      found.some(
        ({ id, adjusted }) => (id === 'content' || id === 'published') && adjusted <= levels.strong,
      ));
  const verdict: ContaminationVerdict = isStrong ? 'strong' : found.length > 0 ? 'suspicious' : 'no evidence';
  return { verdict, because: [...canary, ...found.map(({ id }) => words[id])] };
}
