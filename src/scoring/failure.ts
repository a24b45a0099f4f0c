import { z } from 'zod';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { Trial } from '../schema/trial.ts';
import type { BodyReader } from '../trace/body-store.ts';

/** As much of a Common Test Report as is shown; a test runner in the sandbox wrote it, so nothing of it is relied on. */
const testReport = z.object({
  results: z.object({
    tests: z.array(z.object({ name: z.string(), status: z.string(), message: z.string().optional() })),
  }),
});

/** How many tests ran and what the failed ones said, a line each; undefined where it is no report. */
export function readTestReport(ctrf: unknown): { ran: number; failed: string[] } | undefined {
  const read = testReport.safeParse(ctrf);
  if (!read.success || read.data.results.tests.length === 0) return undefined;
  const { tests } = read.data.results;
  const failed = tests.filter(({ status }) => status !== 'passed');
  return {
    ran: tests.length,
    failed: failed.map(({ name, status, message }) => `${status} ${name}${message ? `: ${message}` : ''}`),
  };
}

/** Why a trial is not completed, in the words of its verifiers, a line each; empty where it is, or where none answered. */
export function failuresOf({ verified }: Trial, bodies: BodyReader): string[] {
  return verified.flatMap((verdict) => failuresIn(verdict, bodies));
}

function failuresIn(verdict: TraceEventOf<'verifier.returned'>, bodies: BodyReader): string[] {
  const { rewards, checks, error, ctrf, stdout, stderr } = verdict;
  const given = Object.values(rewards ?? {});
  if (given.length > 0 && given.every((reward) => reward >= 1)) return [];
  const told = [
    ...(error ? [error.message] : []),
    ...checks
      .filter(({ passed }) => !passed)
      .map(({ name, detail }) => `${name}${detail === undefined ? '' : `: ${detail}`}`),
    ...(ctrf === undefined ? [] : (readTestReport(bodies.json(ctrf))?.failed ?? [])),
  ];
  return told.length > 0
    ? told
    : [lastLine(bodies.text(stderr)) ?? lastLine(bodies.text(stdout)) ?? []].flat();
}

/** What a script prints at its end where it says its rewards twice. */
export const printedRewards = /\{[^{}]*"reward"[^{}]*\}\s*$/;

const lastLine = (text: string) =>
  text
    .replace(printedRewards, '')
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
