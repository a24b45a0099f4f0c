/** What was scored, or why it was not. */
type Scored<T> = T | { unscored: string } | undefined;

interface Interval {
  low: number;
  high: number;
  method?: string;
}

/** How shares from 0 to 1 are written. */
interface Notation {
  share(value: number): string;
  /** An interval, in the brackets that go around it. */
  range(low: number, high: number): string;
}

/** `0.75 [0.30, 0.95]` */
export const decimal: Notation = {
  share: (value) => value.toFixed(2),
  range: (low, high) => `[${low.toFixed(2)}, ${high.toFixed(2)}]`,
};

/** `75 % (30 to 95 %)`; breaks before the interval only. */
export const percent: Notation = {
  share: (value) => `${Math.round(value * 100)} %`,
  range: (low, high) => `(${Math.round(low * 100)} to ${Math.round(high * 100)} %)`.replaceAll(' ', '\u00a0'),
};

interface TestRun {
  exitCode: number;
  timedOut: boolean;
  passed?: number | undefined;
  failed?: number | undefined;
}

/** `tests as left: exit code 0, 5 passed · as they were given: exit code 1, 4 passed, 1 failed · 1 file changed` */
export function comparisonOfTests(compared: {
  changed: readonly string[];
  asLeft?: TestRun | undefined;
  asGiven?: TestRun | undefined;
  error?: string | undefined;
}): string {
  const { changed, asLeft, asGiven, error } = compared;
  if (error !== undefined) return `tests could not be run again: ${error}`;
  if (!asLeft || !asGiven) return 'tests are as they were given';
  const files = several(changed.length, 'file');
  return `tests as left: ${testRun(asLeft)} · as they were given: ${testRun(asGiven)} · ${files} changed`;
}

function testRun({ exitCode, timedOut, passed, failed }: TestRun): string {
  const counts = Object.entries({ passed, failed }).flatMap(([how, count]) =>
    count ? [`${count} ${how}`] : [],
  );
  return [timedOut ? 'timed out' : `exit code ${exitCode}`, ...counts].join(', ');
}

/** How a figure that could not be judged is written. */
const none = '–';

/** `0.75` */
export function share(value: Scored<number>, notation = decimal): string {
  return typeof value === 'number' ? notation.share(value) : none;
}

/** `0.75 [0.30, 0.95]`, its interval where it rests on more than one attempt. */
export function estimate(
  value: Scored<{ mean: number; n: number; interval?: Interval | undefined }>,
  notation = decimal,
): string {
  if (!isScored(value)) return none;
  const { mean, n, interval } = value;
  const written = notation.share(mean);
  return interval && n > 1 ? `${written} ${notation.range(interval.low, interval.high)}` : written;
}

/** `1 of 8 [0.02, 0.47]`; of what was never seen, `0 of 8 (≤ 0.31)`; `0 of 8 (≤ 0.31), 4 not judged`; `not judged`. */
export function proportion(
  value: Scored<{ count: number; n: number; interval: Interval; unjudged?: number }>,
  notation = decimal,
): string {
  if (!isScored(value)) return 'not judged';
  const { count, n, interval, unjudged } = value;
  const isBound = interval.method === 'zero-of-n';
  const range = isBound
    ? `(≤ ${notation.share(interval.high)})`
    : notation.range(interval.low, interval.high);
  const rest = unjudged === undefined ? '' : `, ${unjudged} not judged`;
  return isBound ? `${count} of ${n} ${range}${rest}` : `${count} of ${n}${rest} ${range}`;
}

function isScored<T extends object>(value: Scored<T>): value is T {
  return value !== undefined && !('unscored' in value);
}

/** `$0.0042`, `$1.20` */
export function money(value: Scored<number>): string {
  if (typeof value !== 'number') return none;
  return value !== 0 && value < 0.1 ? `$${value.toFixed(4)}` : `$${value.toFixed(2)}`;
}

/** `$1.20`, or `unknown` where there is no telling. */
export const cost = (value: Scored<number>) => (typeof value === 'number' ? money(value) : 'unknown');

/** `12.3k`; `≥ 12.3k` where some were not told, `unknown` where none were. */
export function tokens(told: { input: number; output: number }, untold = 0): string {
  const sum = told.input + told.output;
  if (untold === 0) return count(sum);
  return sum === 0 ? 'unknown' : `≥ ${count(sum)}`;
}

/** `950`, `12.3k`, `4.5M` */
export function count(value: Scored<number>): string {
  if (typeof value !== 'number') return none;
  if (value < 1000) return String(Math.round(value * 10) / 10);
  return value < 1e6 ? `${(value / 1000).toFixed(1)}k` : `${(value / 1e6).toFixed(1)}M`;
}

/** `4.2 ms`, `340 ms`, `12.5 s`, `3 min 20 s`; given in milliseconds. */
export function duration(value: Scored<number>): string {
  if (typeof value !== 'number') return none;
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 59_950) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 step`, `2 steps` */
export function several(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `512 B`, `3.4 kB`, `20.0 MB` */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Control characters other than tab and newline, and those that turn the direction of text, made visible by their code. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (sign) => {
    const code = sign.charCodeAt(0);
    if (sign === '\n' || sign === '\t') return sign;
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same for a text with colours, which are kept. */
export const harmlessInColor = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    .split(/(\x1b\[[\d;]*m)/)
    .map((part, index) => (index % 2 === 1 ? part : harmless(part)))
    .join('');

interface Instance {
  base: string;
  seed: string;
  kind: string;
  perturbations?: readonly { name: string; strength: number; notApplied?: string | undefined }[] | undefined;
}

/** What an instance is made of, and how it differs from that. */
export function instanceLine({ base, seed, kind, perturbations = [] }: Instance): string {
  const content = kind === 'perturbation' ? 'the published content' : 'content of its own';
  const named = (some: typeof perturbations) =>
    some.map(({ name, strength }) => `${name}:${strength}`).join(', ');
  const applied = perturbations.filter(({ notApplied }) => notApplied === undefined);
  const not = perturbations.filter(({ notApplied }) => notApplied !== undefined);
  return [
    `instance of ${base} by seed ${seed}, with ${content}`,
    ...(applied.length > 0 ? [`in another form: ${named(applied)}`] : []),
    ...(not.length > 0 ? [`not applied: ${named(not)}`] : []),
  ].join('; ');
}
