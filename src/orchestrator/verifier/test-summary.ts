import { stripVTControlCharacters } from 'node:util';

/** How a known runner says in its summary how many tests passed and failed. */
const summaries: { of: RegExp; passed: RegExp; failed: RegExp }[] = [
  // cargo
  { of: /^test result: /m, passed: /(\d+) passed/g, failed: /(\d+) failed/g },
  // jest, vitest
  {
    of: /^\s*Tests:?\s.*\d+ (passed|failed)/m,
    passed: /^\s*Tests:?\s.*?(\d+) passed/gm,
    failed: /^\s*Tests:?\s.*?(\d+) failed/gm,
  },
  // pytest
  {
    of: /\b(passed|failed|errors?)\b.* in [\d.:]+ ?s/,
    passed: /(\d+) passed(?=.* in [\d.]+ ?s)/g,
    failed: /(\d+) (?:failed|errors?)(?=.* in [\d.]+ ?s)/g,
  },
  // mocha
  { of: /^\s*\d+ passing/m, passed: /^\s*(\d+) passing/gm, failed: /^\s*(\d+) failing/gm },
];

const lines = (pattern: RegExp) => (text: string) => text.match(pattern)?.length ?? 0;
/** Runners that say it of each test. */
const perTest = [
  { passed: lines(/^\s*--- PASS/gm), failed: lines(/^\s*--- FAIL/gm) },
  { passed: lines(/^\s*ok \d+/gm), failed: lines(/^\s*not ok \d+/gm) },
];

/** How many tests passed and failed, where the output of a known runner tells; nothing otherwise. */
export function testCounts(output: string): { passed?: number; failed?: number } {
  const plain = stripVTControlCharacters(output);
  const { of: _, ...summary } = summaries.find(({ of }) => of.test(plain)) ?? {};
  if ('passed' in summary) return { passed: sum(plain, summary.passed), failed: sum(plain, summary.failed) };
  const ran = /^Ran (\d+) tests? in /m.exec(plain)?.[1];
  if (ran !== undefined) return counted(Number(ran), sum(plain, /(?:failures|errors)=(\d+)/g));
  const maven = [...plain.matchAll(/^.*Tests run: (\d+), Failures: (\d+), Errors: (\d+)/gm)].at(-1);
  if (maven) return counted(Number(maven[1]), Number(maven[2]) + Number(maven[3]));
  return (
    perTest
      .map(({ passed, failed }) => ({ passed: passed(plain), failed: failed(plain) }))
      .find(({ passed, failed }) => passed + failed > 0) ?? {}
  );
}

const counted = (ran: number, failed: number) => ({ passed: ran - failed, failed });

const sum = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
