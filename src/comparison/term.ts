import type { TermDivergence } from '../schema/comparison.ts';
import type { Unscored } from '../schema/score.ts';
import { partsOf } from '../scoring/trial/term.ts';
import { resamplingSeed } from '../statistic/bootstrap.ts';
import { divergenceOf } from '../statistic/divergence.ts';
import { holm } from '../statistic/multiple.ts';
import { seededRandom } from '../statistic/random.ts';
import { differenceOf } from './figure.ts';
import type { Paired } from './pairing.ts';
import type { SetTrial } from './trial-set.ts';

const lengths = [1, 2, 3];
const permutations = 999;
/** Counts that are added up in all permutations of one length; sets with more are permuted less often. */
const mostCounts = 8_000_000;
/** In how many trials a term must be for it to be looked at by itself. */
const fewestTrials = 3;
const mostTerms = 8;

type Names = Record<'a' | 'b', string>;

/** How far two sets differ in the tools and programs they call: each alone, and two and three in a row. */
export function termDivergence(
  { tasks, pairing: { design } }: Paired,
  names: Names,
): TermDivergence[] | Unscored {
  if (design === 'unpaired') return { unscored: 'no task is the same in both' };
  const rowsAt = createRows(tasks.flatMap(({ a, b }) => [...a, ...b]));
  const found = lengths.flatMap((length) => {
    const rows = rowsAt(length);
    const inRow = (trials: readonly SetTrial[]) => trials.map((trial) => rows.get(trial) ?? []);
    const pairs = tasks.map(({ a, b, cluster }) => ({ a: inRow(a), b: inRow(b), cluster }));
    return divergenceAt(length, pairs, names) ?? [];
  });
  return found.length > 0 ? found : { unscored: 'no tool was called' };
}

const arrow = ' → ';

type Rows = ReadonlyMap<SetTrial, readonly string[]>;

/**
 * The terms of trials in order, those of one call apart, and so many of them in a row. Trials call the same few things over and over:
 * each term is taken apart once, and each row put together once.
 */
function createRows(trials: readonly SetTrial[]): (length: number) => Rows {
  const parted = remembered(partsOf);
  const after = remembered((row) => remembered((term) => row + arrow + term));
  const alone: Rows = new Map(trials.map((trial) => [trial, trial.score.behaviour.terms.flatMap(parted)]));
  return function rowsAt(length): Rows {
    if (length === 1) return alone;
    const shorter = rowsAt(length - 1);
    return new Map(
      [...alone].map(([trial, terms]) => {
        const rows = shorter.get(trial) ?? [];
        return [trial, terms.slice(length - 1).map((term, at) => after(rows[at] ?? '')(term))];
      }),
    );
  };
}

/** Asks once of each text. */
function remembered<T>(of: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = of(text);
    known.set(text, value);
    return value;
  };
}

interface TaskTerms {
  a: readonly (readonly string[])[];
  b: readonly (readonly string[])[];
  cluster: string | undefined;
}

function divergenceAt(length: number, tasks: readonly TaskTerms[], names: Names): TermDivergence | undefined {
  const used = new Map<string, number>();
  let counts = 0;
  for (const trial of tasks.flatMap(({ a, b }) => [...a, ...b])) {
    const own = new Set(trial);
    counts += own.size + 1;
    for (const term of own) used.set(term, (used.get(term) ?? 0) + 1);
  }
  const rounds = Math.max(99, Math.min(permutations, Math.floor(mostCounts / counts)));
  const found = divergenceOf(tasks, { permutations: rounds, random: seededRandom(resamplingSeed) });
  if (!found) return undefined;
  const looked = new Set([...used].filter(([, trials]) => trials >= fewestTrials).map(([term]) => term));
  const most = found.terms.filter(({ term }) => looked.has(term)).slice(0, mostTerms);
  const figures = figuresOf(
    tasks,
    most.map(({ term }) => term),
  );
  const unread = Array.from({ length: looked.size - most.length }, () => 1);
  const adjusted = holm([...figures.map((figure) => figure?.p ?? 1), ...unread]);
  return {
    length,
    bits: found.bits,
    byChance: found.byChance,
    p: found.p,
    permutations: rounds,
    seed: resamplingSeed,
    terms: looked.size,
    most: most.flatMap(({ term, bits }, at) => {
      const figure = figures[at];
      return figure
        ? [{ term, bits, figure, adjusted: adjusted[at] ?? 1, sentence: sentenceOf(term, figure, names) }]
        : [];
    }),
  };
}

/** How often each term is in a trial, compared task by task. */
function figuresOf(tasks: readonly TaskTerms[], terms: readonly string[]) {
  const places = new Map(terms.map((term, at) => [term, at]));
  const countsOf = (trials: TaskTerms['a']) =>
    trials.map((trial) => {
      const counts = terms.map(() => 0);
      for (const term of trial) {
        const at = places.get(term);
        if (at !== undefined) counts[at] = (counts[at] ?? 0) + 1;
      }
      return counts;
    });
  const counted = tasks.map(({ a, b, cluster }) => ({ a: countsOf(a), b: countsOf(b), cluster }));
  return terms.map((_, at) => {
    const side = (trials: readonly (readonly number[])[]) => trials.map((counts) => counts[at] ?? 0);
    const values = counted.map(({ a, b, cluster }) => ({ a: side(a), b: side(b), cluster }));
    return differenceOf(values, { better: 'less', unit: 'count', design: 'paired' });
  });
}

/** `B calls `bash rm` 3.1 times as often (0.93 times a trial against 0.3)` */
function sentenceOf(term: string, { a, b }: { a: number; b: number }, names: Names): string {
  const [more, less] = b >= a ? [names.b, names.a] : [names.a, names.b];
  const [high, low] = [Math.max(a, b), Math.min(a, b)];
  const what = term
    .split(arrow)
    .map((one) => `\`${one}\``)
    .join(' and then ');
  const times = `${number(high)} times a trial`;
  if (low === 0) return `${more} calls ${what} (${times}), and ${less} never does`;
  const ratio = high / low;
  const often = ratio >= 1.05 ? `${number(ratio)} times as often as ${less}` : `about as often as ${less}`;
  return `${more} calls ${what} ${often} (${times} against ${number(low)})`;
}

const number = (value: number) =>
  value >= 10
    ? String(Math.round(value))
    : value >= 1
      ? String(Number(value.toFixed(1)))
      : String(Number(value.toPrecision(2)));
