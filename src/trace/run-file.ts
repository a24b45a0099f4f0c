import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';
import { makeFolders } from '../schema/author-folder.ts';
import { checked } from '../schema/checked.ts';
import { type Run, type RunTrial, run, runTrial } from '../schema/run.ts';
import type { Head } from './chain.ts';
import { onDisk, writeWhole } from './disk.ts';
import { parseLine, readLines } from './line.ts';
import { locateTrace } from './location.ts';

export const runFile = 'run.json';

/** What its trials came to since `run.json` was written, a line each time: that file grows with the run, and so is not written often. */
const changesFile = 'changes.jsonl';

/** Writes `run.json` into a run's folder, whole or not at all. Throws `disk-full` or `trace-write-failed`. */
export function writeRun(dir: string, value: Run): void {
  onDisk(dir, () => makeFolders(dir));
  writeWhole(join(dir, runFile), Buffer.from(`${JSON.stringify(value, null, 2)}\n`), { sync: true });
  onDisk(dir, () => rmSync(join(dir, changesFile), { force: true }));
}

/** Says of a trial of a run that goes on what it is now. Throws `disk-full` or `trace-write-failed`. */
export function appendChange(dir: string, entry: RunTrial): void {
  const path = join(dir, changesFile);
  onDisk(path, () => appendFileSync(path, `${JSON.stringify(entry)}\n`));
}

/** Reads a run as it is now. Throws `not-found` where there is none and `bad-file` where its file is broken. */
export function readRun(dir: string): Run {
  const path = join(dir, runFile);
  // Read first: a run that ends meanwhile has them in its file.
  const changes = readChanges(join(dir, changesFile));
  if (!existsSync(path)) throw new ProctorError('not-found', `${dir}: no run here; expected a ${runFile}`);
  const written = checked(run, parse(path), { code: 'bad-file', where: path });
  if (changes.length === 0) return written;
  const trials = new Map(written.trials.map((entry) => [entry.trial, entry]));
  for (const entry of changes) trials.set(entry.trial, { ...trials.get(entry.trial), ...entry });
  return { ...written, trials: [...trials.values()] };
}

/** Changes whenever what `readRun` gives may have. */
export function runStamp(dir: string): string {
  return [runFile, changesFile]
    .map((name) => statSync(join(dir, name), { throwIfNoEntry: false }))
    .map((found) => (found ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : 'none'))
    .join(' ');
}

/** A torn last line is left out. */
function readChanges(path: string): RunTrial[] {
  if (!existsSync(path)) return [];
  return [...readLines(path)].flatMap(({ bytes, number, last }) => {
    const line = parseLine(bytes);
    if (!line && last) return [];
    return [checked(runTrial, line, { code: 'bad-file', where: `${path}:${number}` })];
  });
}

/** The run that a trace belongs to, and its entry there; undefined where its run is not beside it. */
export function runOf(tracePath: string): { run: Run; entry: RunTrial | undefined } | undefined {
  const dir = resolve(locateTrace(tracePath).dir);
  const runDir = dirname(dir);
  if (!existsSync(join(runDir, runFile))) return undefined;
  const found = readRun(runDir);
  return { run: found, entry: found.trials.find((trial) => trial.dir === basename(dir)) };
}

/** The head that a trace was sealed with, or undefined where its run is not beside it or it was never closed. */
export function sealedHead(tracePath: string): Head | undefined {
  return entryOf(tracePath)?.head;
}

/** The head that the judgements beside a trace were sealed with. */
export function sealedJudgements(tracePath: string): Head | undefined {
  return entryOf(tracePath)?.judged;
}

/** Seals the judgements beside a trace, or breaks their seal where `head` is left out. Nothing is done where its run is not beside it. */
export function sealJudgements(tracePath: string, head?: Head): void {
  const dir = resolve(locateTrace(tracePath).dir);
  const found = runOf(dir);
  if (!found?.entry) return;
  if (head) found.entry.judged = head;
  else delete found.entry.judged;
  writeRun(dirname(dir), found.run);
}

function entryOf(tracePath: string): RunTrial | undefined {
  const dir = resolve(locateTrace(tracePath).dir);
  return entriesIn(dirname(dir)).get(basename(dir));
}

/** Of the run whose heads were asked for last, while its file stays the same: a run's traces are read one after the other. */
let latest: { file: string; entries: ReadonlyMap<string, RunTrial> } | undefined;

function entriesIn(runDir: string): ReadonlyMap<string, RunTrial> {
  if (!existsSync(join(runDir, runFile))) return new Map();
  const file = `${runDir} ${runStamp(runDir)}`;
  if (latest?.file !== file)
    latest = { file, entries: new Map(readRun(runDir).trials.map((entry) => [entry.dir, entry])) };
  return latest.entries;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ProctorError('bad-file', `${path}: expected JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** Digits and letters that are not mistaken for one another. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A run's id, such as `20261124-133105-x7k2`: UTC, so that later runs sort after earlier ones. */
export function newRunId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomWord(4)}`;
}

/** A trial's id, of six characters. */
export const newTrialId = () => randomWord(6);

/** Gives the ids of a run's trials, no two of them the same. */
export function trialIds(): () => string {
  const taken = new Set<string>();
  return () => {
    let id = newTrialId();
    while (taken.has(id)) id = newTrialId();
    taken.add(id);
    return id;
  };
}

function randomWord(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
