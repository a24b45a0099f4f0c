import type { DeclaredMask } from '../schema/environment.ts';
import type { Mask, Period, StateMask } from './mask.ts';

const dayMs = 24 * 60 * 60 * 1000;
const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const longMonths = 'January|February|March|April|May|June|July|August|September|October|November|December';
/** Twelve hours a day; programs put a narrow space before the half of it. */
const halfDayTime = String.raw`\d{1,2}:\d\d(?::\d\d)?[ \u00a0\u202f]?[AP]\.?M\.?`;
const clockTime = String.raw`\d\d:\d\d(?::\d\d(?:\.\d+)?)?`;

/** Whether an instant lies in the time of a trial, give or take the zone it is written in. Data of the task does not. */
function isNow(instant: number, { from, to }: Period): boolean {
  return instant >= from - dayMs && instant <= to + dayMs;
}

const writtenNow = (text: string, now: Period) => isNow(Date.parse(text), now);

/** `ls -l` leaves the year out. */
function listedNow(text: string, now: Period): boolean {
  const [month = '', day = '', clock = ''] = text.split(/\s+/);
  const year = new Date(now.from).getUTCFullYear();
  return isNow(Date.parse(`${day} ${month} ${year} ${clock} UTC`), now);
}

/** `11/30/2026, 6:01:02 PM`, days and months in either order, or `Monday, November 30, 2026 at 6:01 PM`. */
function saidNow(text: string, now: Period): boolean {
  const plain = text
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/ at |, (?=\d{1,2}:)/, ' ')
    .replace(/([AP])\.?M\.?$/i, ' $1M');
  const swapped = plain.replace(/^(\d{1,2})\/(\d{1,2})\//, '$2/$1/');
  return [plain, swapped].some((one) => isNow(Date.parse(`${one} UTC`), now));
}

/** A time of day without its day: the minute of the hour is the trial's, whatever the zone. */
function clockNow(text: string, { from, to }: Period): boolean {
  const [, minutes = '0', seconds] = /:(\d\d)(?::(\d\d))?/.exec(text) ?? [];
  const told = Number(minutes) * 60 + Number(seconds ?? 0);
  const [zone, slack] = [30 * 60, seconds === undefined ? 60 : 2];
  const after = (((told - Math.floor(from / 1000) + slack) % zone) + zone) % zone;
  return after <= (to - from) / 1000 + 2 * slack;
}

/** Seconds since 1970, or milli-, micro- or nanoseconds. */
function countedNow(text: string, now: Period): boolean {
  const [whole = ''] = text.split('.');
  return isNow(Number(whole.slice(0, 10)) * 1000, now);
}

/** Names commits by the order in which a text mentions them: a commit that an agent makes has the time in its id. */
function commitsNumbered(text: string): string {
  const seen: string[] = [];
  return text.replace(/\b(?:[0-9a-f]{40}|[0-9a-f]{7,12})\b/g, (id) => {
    const short = id.slice(0, 7);
    if (!seen.includes(short)) seen.push(short);
    return `‹commit ${seen.indexOf(short) + 1}›`;
  });
}

/** Masks for what no sandbox repeats. Each is as narrow as it can be, so that a changed observation is not taken for one of these. */
const builtInMasks: readonly Mask[] = [
  {
    name: 'timestamp',
    pattern: new RegExp(
      String.raw`\b\d{4}-\d\d-\d\d(?:[T ]${clockTime}(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?`,
      'g',
    ),
    replace: '‹time›',
    accepts: writtenNow,
  },
  {
    name: 'timestamp',
    pattern: new RegExp(
      String.raw`\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:(?:${months}) +\d{1,2}(?: \d{4})?|\d{1,2} (?:${months}) \d{4}) ${clockTime}(?: [A-Z]{3,4}(?:[+-]\d{4})?| [+-]\d{4})?(?: \d{4})?`,
      'g',
    ),
    replace: '‹time›',
    accepts: (text, now) => writtenNow(text, now) || listedNow(text, now),
  },
  {
    name: 'timestamp',
    pattern: new RegExp(
      String.raw`\b(?:\d{1,2}/\d{1,2}/\d{4}|(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, )?(?:${longMonths}) \d{1,2}, \d{4})(?:(?:,| at)? (?:${halfDayTime}|${clockTime}))?`,
      'gi',
    ),
    replace: '‹time›',
    accepts: saidNow,
  },
  {
    name: 'timestamp',
    pattern: new RegExp(String.raw`\b(?:${halfDayTime}|\d{1,2}:\d\d:\d\d\b)`, 'gi'),
    replace: '‹time›',
    accepts: clockNow,
  },
  {
    name: 'timestamp',
    pattern: /\b1\d{9}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?\b/g,
    replace: '‹time›',
    accepts: countedNow,
  },
  {
    name: 'timestamp',
    pattern: /\b\d{1,2}:\d\d(?::\d\d)?\b/g,
    replace: '‹time›',
    when: /\b(date|uptime|ps|top|w|who|time)\b/,
  },
  {
    name: 'duration',
    pattern: /\b(?:\d+m\d+\.\d+s|\d+\.\d+ ?(?:s|sec|seconds)|\d+(?:\.\d+)? ?(?:ms|µs|us|ns))\b/g,
    replace: '‹duration›',
  },
  { name: 'token of a program’s model', pattern: /\bsk-proctor-[\w-]+/g, replace: '‹token›' },
  { name: 'process id', pattern: /\bpg?id[ =:]+\d+|\/proc\/\d+|\[\d+\] \d+/gi, replace: '‹pid›' },
  {
    name: 'process id',
    pattern: / *\b\d{1,7}\b/g,
    replace: ' ‹pid›',
    when: /\b(ps|top|pgrep|pidof|jobs|BASHPID|PPID)\b|\$\$/,
  },
  {
    name: 'temporary name',
    pattern: /\/tmp\/(?:[\w.-]*\.)?(?:[A-Za-z0-9]{6,10}|tmp[a-z0-9_]{8})\b/g,
    replace: '/tmp/‹name›',
    when: /mktemp|tempfile|tmp/i,
  },
  {
    name: 'host name',
    pattern: /\b[0-9a-f]{12}\b|\bproctor-[0-9a-f]{12}\b/g,
    replace: '‹host›',
    when: /\b(hostname|hostnamectl|HOSTNAME|uname|uuname|env|printenv)\b|\/etc\/host|\\[hH]/,
  },
  {
    name: 'container id',
    pattern: /\b[0-9a-f]{64}\b/g,
    replace: '‹container›',
    when: /\/proc\/|\bmount\b|cgroup/,
  },
  {
    name: 'inode',
    pattern: /\b\d{3,}\b/g,
    replace: '‹inode›',
    when: /\bls\b[^|;&]* -\w*i|\bstat\b|-inum\b|\bdf -i/,
  },
  {
    name: 'head of a shell’s output', // what Codex's shell tool puts before it
    pattern: /^Chunk ID: [0-9a-f]{6}(?:\nWall time: .*)?$/gm,
    replace: 'Chunk ID: ‹id›',
  },
  { name: 'commit id', pattern: /^/g, replace: '', when: /\bgit\b/, rewrite: commitsNumbered },
  {
    name: 'order of a listing',
    pattern: /^/g,
    replace: '',
    when: /\b(find|du|tree|rglob|glob|listdir|scandir|os\.walk)\b|\bls\b[^|;&]* -\w*[Uf]|\bgrep\b[^|;&]* -\w*r/,
    rewrite: (text) => text.split('\n').sort().join('\n'),
  },
];

/** What may differ: texts of observations, and contents of the state. */
export interface Masks {
  masks: readonly Mask[];
  stateMasks: readonly StateMask[];
}

/** The built-in masks and those that an environment declares. */
export function masksWith(declared: readonly DeclaredMask[]): Masks {
  return {
    masks: [...builtInMasks, ...declared.flatMap((mask) => ('pattern' in mask ? textMask(mask) : []))],
    stateMasks: declared.filter((mask) => 'paths' in mask),
  };
}

function textMask({ name, pattern, replace }: Extract<DeclaredMask, { pattern: string }>): Mask {
  return { name, pattern: new RegExp(pattern, 'gm'), replace: replace ?? `‹${name}›` };
}
