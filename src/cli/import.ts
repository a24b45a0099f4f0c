import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { z } from 'zod';
import { importHarborTask } from '../check/import-harbor.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { messageOf, ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { trialOfTrajectory } from '../interop/atif/import.ts';
import { trajectory } from '../interop/atif/schema.ts';
import type { ForeignTrial } from '../interop/foreign/foreign-trial.ts';
import { agentIdOf, writeForeignTrial } from '../interop/foreign/write.ts';
import { trialOfSample } from '../interop/inspect/import.ts';
import { readInspectLog } from '../interop/inspect/log.ts';
import { openaiMessages, trialOfMessages } from '../interop/openai-messages.ts';
import { displayPath } from '../schema/author-file.ts';
import { isFile } from '../schema/author-folder.ts';
import type { Run, RunTrial } from '../schema/run.ts';
import { findTasks } from '../task/find.ts';
import { warningsOf } from '../task/harbor/field-table.ts';
import { newRunId, trialIds, writeRun } from '../trace/run-file.ts';
import { createTraceWriter } from '../trace/writer.ts';
import { proctorVersion } from '../version.ts';
import { makeFolder } from './folder.ts';

type Format = 'atif' | 'inspect' | 'openai-messages';

/** `proctor import`: takes what was made elsewhere, records as traces and Harbor's tasks as tasks. */
export function importAny(
  format: Format | 'harbor',
  files: string[],
  flags: { out: string; output: string },
): void {
  if (format === 'harbor') importTasks(files, flags.output);
  else importFiles(format, files, flags);
}

function importTasks(paths: string[], output: string): void {
  for (const task of findTasks(paths)) {
    for (const line of warningsOf(task)) process.stderr.write(`${line}\n`);
    const to = join(output, basename(task.dir));
    importHarborTask(task, environmentOf(task).config.workdir, to);
    process.stdout.write(
      `${displayPath(resolve(to))}: fill in proctor.toml and policy.toml, then: proctor check ${displayPath(resolve(to))}\n`,
    );
  }
}

function importFiles(format: Format, files: string[], { out }: { out: string }): void {
  const read = files.flatMap((file) => readForeign(format, file).map((foreign) => ({ file, foreign })));
  const startedAt = new Date();
  const run = newRunId(startedAt);
  makeFolder(`--out ${out}`, out);
  const dir = join(out, run);
  const nextId = trialIds();
  const trials = read.map(({ file, foreign }): RunTrial => {
    const trial = nextId();
    const head = writeForeignTrial(foreign, {
      run,
      trial,
      proctor: proctorVersion,
      source: resolve(file),
      open: (now) =>
        createTraceWriter({ dir: join(dir, trial), bodiesDir: join(dir, 'bodies'), secrets: {}, now }),
    });
    sayLosses(file, foreign);
    return entryOf(trial, foreign, head);
  });
  writeRun(dir, runOf({ run, startedAt, trials, files, format }));
  process.stdout.write(
    `imported ${several(trials.length, 'trial')} into ${displayPath(dir)}; ` +
      `read one with: proctor show ${trials[0]?.trial}\n`,
  );
}

function readForeign(format: Format, file: string): ForeignTrial[] {
  const bytes = bytesOf(file);
  const name = basename(file).replace(/\.[^.]+$/, '');
  if (format === 'inspect') {
    const log = readInspectLog(file, bytes);
    const samples = log.samples ?? [];
    if (samples.length === 0) throw new ProctorError('bad-file', `${file}: the log has no samples`);
    return samples.map((sample) => trialOfSample(sample, log));
  }
  const data = jsonOf(file, bytes);
  if (format === 'openai-messages') return [trialOfMessages(validated(file, data, openaiMessages), name)];
  const folder = dirname(resolve(file));
  const imageOf = (path: string) => {
    const place = resolve(folder, path);
    // A record names files of its own folder, and no others of this machine.
    if (!place.startsWith(folder + sep) || !isFile(place)) return undefined;
    return readFileSync(place).toString('base64');
  };
  return [trialOfTrajectory(validated(file, data, trajectory), name, imageOf)];
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ProctorError('not-found', `${file}: ${messageOf(cause)}`, { cause });
  }
}

function jsonOf(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ProctorError('bad-file', `${file}: expected JSON: ${messageOf(cause)}`, { cause });
  }
}

function validated<T extends z.ZodType>(file: string, data: unknown, schema: T): z.infer<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ProctorError('bad-file', `${file}: ${issue?.path.join('.') || 'root'}: ${issue?.message}`);
}

function sayLosses(file: string, { losses }: ForeignTrial): void {
  if (losses.length > 0) process.stderr.write(`${file}: a trace has no place for: ${losses.join(', ')}\n`);
}

function entryOf(trial: string, foreign: ForeignTrial, head: RunTrial['head']): RunTrial {
  const { facts } = foreign;
  const outcome = facts ? facts.ended?.outcome : (foreign.outcome ?? 'submitted');
  return {
    trial,
    task: facts?.started.task.name ?? foreign.task,
    agent: agentIdOf(foreign),
    attempt: facts?.started.attempt ?? 1,
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
  format: Format;
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
