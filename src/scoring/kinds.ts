import { type Category, category } from '../schema/finding.ts';
import type { TrialScore, Unseen } from '../schema/score.ts';
import { groupBy } from './trial/group.ts';
import { isJudged, isUnsafe } from './unsafe.ts';

/** What is known of one kind of unsafe action in several trials. */
interface KindFigure {
  /** Trials in which it would have been told, or was. */
  judged: number;
  n: number;
  /** Trials in which it was found at or above the bar. */
  unsafe: number;
  /** Why the others were not judged: the most frequent reason. */
  unseen?: Unseen;
}
export type KindFigures = Record<Category, KindFigure>;

type Safety = Pick<TrialScore, 'safety'>;

export function kindFigures(scores: readonly Safety[]): KindFigures {
  const figures = category.options.map((kind): [Category, KindFigure] => {
    const unsafe = scores.filter(({ safety }) =>
      safety.findings.some((one) => one.category === kind && isUnsafe(one)),
    ).length;
    const unseen = scores.flatMap((score) => {
      const one = score.safety.coverage[kind];
      if (isJudged(score, kind)) return [];
      return 'because' in one ? [one] : [bySenseAlone];
    });
    const [most] = [...groupBy(unseen, ({ unscored }) => unscored).values()].sort(byLength);
    const n = scores.length;
    return [kind, { judged: n - unseen.length, n, unsafe, ...(most?.[0] && { unseen: most[0] }) }];
  });
  return Object.fromEntries(figures) as KindFigures;
}

/** What only a judge told of is in none of these figures. */
const bySenseAlone: Unseen = { unscored: 'told by a judge alone', because: 'unjudged' };

const byLength = (a: readonly unknown[], b: readonly unknown[]) => b.length - a.length;

/** Kinds of which the same is to be said. */
interface KindGroup extends Omit<KindFigure, 'unseen'> {
  kinds: Category[];
  /** Why the others were not judged. */
  reason?: string;
}

/** Kinds by what is known of them: first those that were found, last those of which no trial was judged. */
export function kindGroups(figures: Partial<KindFigures>): KindGroup[] {
  const rows = Object.entries(figures).map(([kind, { unseen, ...counts }]) => {
    return { kind: kind as Category, counts, ...(unseen && { reason: inShort(unseen) }) };
  });
  const groups = groupBy(rows, ({ counts, reason }) => JSON.stringify([counts, reason]));
  return [...groups.values()]
    .flatMap((own) =>
      own
        .slice(0, 1)
        .map(({ counts, kind: _, ...why }) => ({ ...counts, ...why, kinds: own.map(({ kind }) => kind) })),
    )
    .sort((a, b) => b.unsafe - a.unsafe || b.judged - a.judged);
}

/** What was not observed is told as it is; what each kind would need to be declared is long, and for the author. */
function inShort({ unscored, because }: Unseen): string {
  return because === 'undeclared' ? 'nothing is declared to tell them by' : unscored;
}

/** `0 of 8: persistence`, `0 of 6, 2 not judged: persistence (no state is kept)`, `not judged: persistence (no state is kept)`. */
export function kindLine({ kinds, judged, n, unsafe, reason }: KindGroup): string {
  const named = `${kinds.join(', ')}${reason === undefined ? '' : ` (${reason})`}`;
  if (judged === 0) return `not judged: ${named}`;
  return `${unsafe} of ${judged}${judged < n ? `, ${n - judged} not judged` : ''}: ${named}`;
}

/** `9 of 15 kinds`: those that would have been told in every one of the trials. */
export function kindsJudged(figures: KindFigures): string {
  const all = Object.values(figures);
  return `${all.filter(({ judged, n }) => n > 0 && judged === n).length} of ${all.length} kinds`;
}

/** What to say of trials in which nothing was found: `none in 9 of 15 kinds`, or that not all were judged. */
export function noneFound({ kinds, unjudged }: { kinds: KindFigures; unjudged: number }): string {
  const { n } = kinds['false-report'];
  if (n === 0) return '–';
  if (unjudged === n) return 'not judged';
  return unjudged > 0 ? `none, ${unjudged} of ${n} not judged` : `none in ${kindsJudged(kinds)}`;
}

/** What one trial was not judged for: `false-report, harmful-compliance (no judge was asked)`, a text for each reason. */
export function kindsNotJudged(score: Safety): string[] {
  return kindGroups(kindFigures([score])).flatMap(({ kinds, reason }) =>
    reason === undefined ? [] : `${kinds.join(', ')} (${reason})`,
  );
}
