import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { importHarborTask } from '../check/import-harbor.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { messageOf, ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import type { ForeignTrial } from '../interop/foreign/foreign-trial.ts';
import { agentIdOf, taskNameOf, writeForeignTrial } from '../interop/foreign/write.ts';
import { type ForeignRecord, type RecordFormat, recordsIn } from '../interop/record.ts';
import { Mistakes } from '../library/mistake.ts';
import { displayPath } from '../schema/author-file.ts';
import { isFile } from '../schema/author-folder.ts';
import type { Run, RunTrial } from '../schema/run.ts';
import { findTasks } from '../task/find.ts';
import { warningsOf } from '../task/harbor/field-table.ts';
import { newRunId, trialIds, writeRun } from '../trace/run-file.ts';
import { createTraceWriter } from '../trace/writer.ts';
import { proctorVersion } from '../version.ts';
import { type DeclaredFlags, declarationsOf } from './declared.ts';
import { exitCodeOf, report } from './failure.ts';
import { makeFolder } from './folder.ts';
import { say } from './print.ts';

interface ImportFlags extends DeclaredFlags {
  out: string;
  output: string;
}

/** `proctor import`: takes what was made elsewhere, records as traces and Harbor's tasks as tasks. */
export function importAny(
  format: RecordFormat | 'openai-messages' | 'harbor',
  files: string[],
  flags: ImportFlags,
): void {
  if (format === 'harbor') importTasks(files, flags.output);
  else importFiles(format === 'openai-messages' ? 'messages' : format, files, flags);
}

function importTasks(paths: string[], output: string): void {
  const mistakes = new Mistakes();
  for (const task of findTasks(paths, { mistaken: mistakes.tell })) {
    for (const line of warningsOf(task)) say(line);
    const to = join(output, basename(task.dir));
    importHarborTask(task, environmentOf(task).config.workdir, to);
    process.stdout.write(
      `${displayPath(resolve(to))}: fill in proctor.toml and policy.toml, then: proctor check ${displayPath(resolve(to))}\n`,
    );
  }
  mistakes.requireSome([], say);
}

/** A record that can't be read is named, and the others are imported all the same. */
function importFiles(format: RecordFormat, files: string[], flags: ImportFlags): void {
  const { out } = flags;
  const declarations = declarationsOf(flags);
  const startedAt = new Date();
  const run = newRunId(startedAt);
  makeFolder(`--out ${out}`, out);
  const dir = join(out, run);
  const nextId = trialIds();
  const nextAttempt = attempts();
  const trials: RunTrial[] = [];
  for (const { where, read } of files.flatMap((file) => recordsOf(format, file, nameOf(file, files)))) {
    const foreign = attempted(() => declarations.of(read()));
    if (!foreign) continue;
    const numbered = { ...foreign, attempt: nextAttempt(foreign) };
    const trial = nextId();
    const head = writeForeignTrial(numbered, {
      run,
      trial,
      proctor: proctorVersion,
      source: resolve(where),
      open: (now) =>
        createTraceWriter({ dir: join(dir, trial), bodiesDir: join(dir, 'bodies'), secrets: {}, now }),
    });
    sayLosses(where, numbered);
    trials.push(entryOf(trial, numbered, head));
  }
  for (const line of declarations.unused()) say(line);
  if (trials.length === 0) return;
  writeRun(dir, runOf({ run, startedAt, trials, files, format }));
  process.stdout.write(
    `imported ${several(trials.length, 'trial')} into ${displayPath(dir)}; ` +
      `read one with: proctor show ${trials[0]?.trial}\n`,
  );
}

/** Undefined where it failed, which is said and makes the command fail at its end. */
function attempted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProctorError)) throw error;
    report(error);
    process.exitCode = exitCodeOf(error);
    return undefined;
  }
}

function recordsOf(format: RecordFormat, path: string, name: string): ForeignRecord[] {
  const folder = dirname(resolve(path));
  const image = (named: string) => {
    const place = resolve(folder, named);
    // A record names files of its own folder, and no others of this machine.
    if (!place.startsWith(folder + sep) || !isFile(place)) return undefined;
    return readFileSync(place).toString('base64');
  };
  return attempted(() => recordsIn(format, { path, name, bytes: bytesOf(path), image })) ?? [];
}

/** A file without its ending; with the folders it lies in where others are called the same. */
function nameOf(file: string, files: readonly string[]): string {
  const same = files.filter((other) => basename(other) === basename(file));
  const name = basename(file).replace(/\.[^.]+$/, '');
  if (same.length < 2) return name;
  const folders = same.map((path) => dirname(resolve(path)).split(sep));
  const own = dirname(resolve(file)).split(sep);
  const shared = own.findIndex((part, index) => folders.some((other) => other[index] !== part));
  return shared < 0 ? name : [...own.slice(shared), name].join('/');
}

/** Gives each trial its attempt: the record's own, or the next that is free for its task and agent. */
function attempts(): (foreign: ForeignTrial) => number {
  const taken = new Map<string, Set<number>>();
  return (foreign) => {
    const key = JSON.stringify([taskNameOf(foreign), agentIdOf(foreign)]);
    const own = taken.get(key) ?? new Set();
    let attempt = foreign.attempt ?? foreign.facts?.started.attempt ?? 1;
    while (own.has(attempt)) attempt += 1;
    taken.set(key, own.add(attempt));
    return attempt;
  };
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ProctorError('not-found', `${file}: ${messageOf(cause)}`, { cause });
  }
}

const mostLosses = 8;

function sayLosses(where: string, { losses }: ForeignTrial): void {
  if (losses.length === 0) return;
  const more = losses.length > mostLosses ? ` and ${losses.length - mostLosses} more` : '';
  const shown = losses.slice(0, mostLosses).join(', ');
  say(`${where}: a trace has no place for: ${shown}${more}`);
}

function entryOf(trial: string, foreign: ForeignTrial, head: RunTrial['head']): RunTrial {
  const { facts } = foreign;
  const outcome = facts ? facts.ended?.outcome : (foreign.outcome ?? 'submitted');
  return {
    trial,
    task: taskNameOf(foreign),
    agent: agentIdOf(foreign),
    attempt: foreign.attempt ?? 1,
    dir: trial,
    status: outcome === undefined ? 'running' : 'ended',
    ...(outcome && { outcome }),
    ...(head && { head }),
  };
}

function runOf(made: {
  run: string;
  startedAt: Date;
  trials: RunTrial[];
  files: string[];
  format: RecordFormat;
}): Run {
  const { run, startedAt, trials, files, format } = made;
  return {
    version: 1,
    run,
    proctor: proctorVersion,
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    status: 'done',
    pid: process.pid,
    config: {
      tasks: [],
      agents: [...new Set(trials.map(({ agent }) => agent))],
      attempts: 1,
      seed: '',
      sandbox: 'none',
      limits: {},
      options: { imported: format, files: files.map((file) => resolve(file)) },
    },
    skipped: [],
    trials,
  };
}
