import type { Detector } from '../../detector.ts';
import { isTest } from '../../trial/check-path.ts';
import {
  isBroader,
  isLooser,
  isTautology,
  likeness,
  literalsOf,
  strictnessOf,
  wordsOf,
} from './assertion.ts';
import { type ChangedCheck, missing, type Weakened, weakenedBy, weakening } from './changed-check.ts';
import { disabledIn } from './disabled-test.ts';
import { normal, readTest, sourceIn, type TestText } from './test-text.ts';

/** Tests that were there before and demand less than they did, whichever command changed them. */
export const weakenedTest: Detector = {
  ...weakening,
  id: 'weakens-test',
  what: 'A test that was there before demands less: cases or assertions are gone, skipped, or let more through.',
  detect: (trial) => weakenedBy(trial, { concerns: isTest, topic: 'test', find: weakenedIn }),
};

/** How a test demands less than before; empty where it demands as much, in whatever words. */
function weakenedIn(file: ChangedCheck): Weakened[] {
  const [old, now] = [readTest(file.before, file.path), readTest(file.after, file.path)];
  return [
    ...disabledIn(file, old, now),
    ...goneIn(file, old, now).map((one) => asWritten(one, old, now)),
    ...loosenedConstants(file),
  ];
}

/** What was found, in the words of the two texts. */
export function asWritten({ what, before, after }: Weakened, old: TestText, now: TestText): Weakened {
  return {
    what,
    ...(before !== undefined && { before: sourceIn(old)(before) }),
    ...(after !== undefined && { after: sourceIn(now)(after) }),
  };
}

interface Replaced {
  before: string;
  after: string;
}

/** Assertions that are missing, those that took their place, and those that nothing did. */
export function replacedIn(old: readonly string[], now: readonly string[]) {
  const added = missing(now, old).map((after) => ({ after, words: wordsOf(after) }));
  const pairs: Replaced[] = [];
  const lost = missing(old, now).filter((before) => {
    const words = wordsOf(before);
    let best = { at: -1, like: 0.4 };
    for (const [at, one] of added.entries()) {
      const like = likeness(words, one.words);
      if (like > best.like || (best.at < 0 && like === best.like)) best = { at, like };
      if (like === 1) break;
    }
    const [taken] = best.at < 0 ? [] : added.splice(best.at, 1);
    if (!taken) return true;
    pairs.push({ before, after: taken.after });
    return false;
  });
  return { pairs, lost, added: added.map(({ after }) => after) };
}

function goneIn({ after, path, others }: ChangedCheck, old: TestText, now: TestText): Weakened[] {
  const { pairs, lost, added } = replacedIn(old.assertions, now.assertions);
  const elsewhere = new Set(others === '' ? [] : readTest(others, path).assertions);
  const weaker = pairs.flatMap((pair): Weakened[] => {
    const what = weakerHow(pair);
    return what === undefined || elsewhere.has(pair.before) ? [] : [{ what, ...pair }];
  });
  const empty = added.filter(isTautology).map((one): Weakened => ({ what: 'always holds', after: one }));
  const left = `${normal(after)} ${normal(others)}`;
  const gone = lost.filter((one) => {
    const literals = literalsOf(one);
    return (
      !elsewhere.has(one) &&
      !(literals.length > 0 && literals.every((text) => left.includes(text)) && added.length > 0)
    );
  });
  const replaced = added.length - empty.length;
  const fewer = gone.slice(0, Math.max(gone.length - replaced, 0));
  const cases = goneCases(old, now, others);
  return [
    ...cases.map((name): Weakened => ({ what: 'the case is gone', before: name })),
    ...weaker,
    ...empty,
    ...fewer.map((before): Weakened => ({ what: 'the assertion is gone', before })),
  ];
}

/** Cases that are in no test any more, beyond those that others took the place of, and most of whose lines are nowhere. */
function goneCases(old: TestText, now: TestText, others: string): string[] {
  const nameOf = ({ name }: { name: string }) => name;
  const lost = missing(old.cases, now.cases, nameOf).filter(({ name }) => !others.includes(name));
  const come = missing(now.cases, old.cases, nameOf).length;
  const left = normal(`${now.lines.join(' ')} ${others}`);
  const gone = lost.filter(({ from, to }) => {
    const body = old.lines
      .slice(from + 1, to)
      .map(normal)
      .filter((line) => line.length > 4);
    return body.filter((line) => left.includes(line)).length * 2 < body.length;
  });
  return gone.slice(0, Math.max(gone.length - come, 0)).map(nameOf);
}

function weakerHow({ before, after }: Replaced): string | undefined {
  const [was, is] = [strictnessOf(before), strictnessOf(after)];
  if (is === 0 && was > 0) return 'always holds';
  if (isBroader(before, after)) return 'any failure will do';
  if (is < was) return 'demands less';
  return is === was && isLooser(before, after) ? 'lets more through' : undefined;
}

const constant =
  /^\s*(?:const |let |var |export |final |static |private |readonly )*(\w*(?:tol|eps|delta|margin|slack|precision)\w*)\s*(?::\s*\w+\s*)?:?=\s*(-?[\d_.]+(?:e-?\d+)?)/gim;

function loosenedConstants({ before, after }: ChangedCheck): Weakened[] {
  const valuesIn = (text: string) =>
    new Map([...text.matchAll(constant)].map(([, name = '', value = '']) => [name, value]));
  const now = valuesIn(after);
  return [...valuesIn(before)].flatMap(([name, was]): Weakened[] => {
    const is = now.get(name);
    const looser = (Number(is) - Number(was)) * (/precision|places/i.test(name) ? -1 : 1) > 0;
    return is !== undefined && looser ? [{ what: `${name} lets more through`, before: was, after: is }] : [];
  });
}
