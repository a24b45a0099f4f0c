import { appendFileSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';
import { makeFolders } from '../schema/author-folder.ts';
import { checked } from '../schema/checked.ts';
import { type Asked, type PrivateQuery, type PrivateSplit, privateQuery } from '../schema/private-split.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import { onDisk } from './disk.ts';
import { parseLine, readLines } from './line.ts';

/** Counts a trial of a private instance. Throws `disk-full` or `trace-write-failed`. */
export function countQuery(
  { suite, ledger }: PrivateSplit,
  { at, run, trial, task, agent }: TraceEventOf<'trial.started'>,
): void {
  const query: PrivateQuery = { at, suite, run, trial, task: task.name, agent: agent.id };
  onDisk(ledger, () => appendFileSync(ledger, `${JSON.stringify(query)}\n`));
}

/** Makes sure that trials can be counted before any is begun. Throws `bad-file`. */
export function requireLedger(ledger: string): void {
  try {
    makeFolders(dirname(ledger));
    appendFileSync(ledger, '');
  } catch (cause) {
    throw new ProctorError(
      'bad-file',
      `${ledger}: trials of private instances can’t be counted there: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** What was counted; nothing where there is no file yet. A torn last line counts as none. Throws `bad-file` for any other that is none. */
export function readQueries(ledger: string): PrivateQuery[] {
  if (!existsSync(ledger)) return [];
  return [...readLines(ledger)].flatMap(({ bytes, number, last }) => {
    const line = parseLine(bytes);
    if (!line && last) return [];
    return [checked(privateQuery, line, { code: 'bad-file', where: `${ledger}:${number}` })];
  });
}

/** How often a private split was asked. Throws `bad-file`. */
export function askedOf({ suite, ledger }: Pick<PrivateSplit, 'suite' | 'ledger'>): Asked {
  const own = readQueries(ledger).filter((query) => query.suite === suite);
  return {
    suite,
    ledger,
    trials: own.length,
    agents: new Set(own.map(({ agent }) => agent)).size,
    runs: new Set(own.map(({ run }) => run)).size,
    ...(own[0] && { first: own[0].at }),
  };
}
