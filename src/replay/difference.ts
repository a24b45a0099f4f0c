import { createTwoFilesPatch } from 'diff';
import { harmless } from '../format.ts';

/** Where a replay first went another way than its record. */
export interface Difference {
  /** Absent for what came before the first step, or, with `end`, after the last. */
  step?: number;
  end?: true;
  callId?: string;
  /** What differs, such as `observation` or `state`. */
  what: string;
  recorded: string;
  replayed: string;
  /** Where in the state. */
  paths?: string[];
  /** What is likely to blame: a changed file or image, else what the calls depend on. */
  cause?: Cause | string;
}

/** A difference with what was changed since the recording as its cause, where anything was. */
export function blamed(difference: Difference, changed: readonly string[]): Difference {
  return changed.length === 0 ? difference : { ...difference, cause: `${changed.join(', ')} changed since` };
}

/** Lines around a change, and characters of a diff, that are shown. */
const context = 2;
const longest = 4000;
/** Paths of the state that a summary names. */
const namedPaths = 3;

/** A difference as text: where it is, what it is, both sides, and the likely cause. */
export function describeDifference(difference: Difference): string {
  return harmless(`${summaryOf(difference)}\n${patchOf(difference)}`);
}

/** A difference in one line, such as `step 3, call 3.0: observation differs (likely cause: clock)`. */
export function summaryOf({ what, cause, paths = [], ...place }: Difference): string {
  const where =
    paths.length === 0
      ? ''
      : ` at ${paths.slice(0, namedPaths).join(', ')}${paths.length > namedPaths ? ', …' : ''}`;
  return `${placeOf(place)}: ${what} differs${where}${cause === undefined ? '' : ` (likely cause: ${cause})`}`;
}

/** Such as `step 3, call 3.0`. */
export function placeOf({ step, end, callId }: Pick<Difference, 'step' | 'end' | 'callId'>): string {
  if (step === undefined) return end ? 'the end' : 'the start';
  return callId === undefined ? `step ${step}` : `step ${step}, call ${callId}`;
}

function patchOf({ recorded, replayed }: Difference): string {
  const patch = createTwoFilesPatch('recorded', 'replayed', `${recorded}\n`, `${replayed}\n`, '', '', {
    context,
  });
  const lines = patch.split('\n').filter((line) => !/^(=+|Index:.*|\\ No newline.*)$/.test(line));
  const text = lines.join('\n').trimEnd();
  return text.length > longest ? `${text.slice(0, longest)}\n[…]` : text;
}

/** What makes two executions of the same calls differ. */
export type Cause = 'clock' | 'randomness' | 'network' | 'concurrency' | 'time limit';

const signs: readonly [cause: Cause, in_: RegExp][] = [
  [
    'randomness',
    /\bRANDOM\b|urandom|\/dev\/random|\bshuf\b|sort -R|\buuid\w*|\brandom\b|\bsecrets\b|mktemp|openssl rand|\bsrand\b/i,
  ],
  ['network', /\b(curl|wget|https?:\/\/|nc|ping|dig|nslookup|apt(-get)?|pip3?|npm|ssh)\b/],
  [
    'concurrency',
    /[^&|>]&(?![&>\d])|\b(wait|nohup|parallel|xargs\b.* -P|threading|multiprocessing|asyncio)\b/,
  ],
  ['clock', /\b(date|time|now|clock|uptime|timestamp|strftime|SECONDS|EPOCH\w*)\b/i],
];

/** The likely cause of a difference: by what came back in both executions, else by the words of the calls before it. */
export function likelyCause(
  args: readonly string[],
  texts?: { recorded: string; replayed: string },
): Cause | undefined {
  const last = args.at(-1) ?? '';
  const ofLast = signs.find(([, sign]) => sign.test(last))?.[0];
  if (ofLast) return ofLast;
  if (texts && texts.recorded !== texts.replayed && sorted(texts.recorded) === sorted(texts.replayed))
    return 'concurrency';
  return args
    .toReversed()
    .flatMap((text) => signs.filter(([, sign]) => sign.test(text)).map(([cause]) => cause))[0];
}

const sorted = (text: string) => text.split('\n').sort().join('\n');
