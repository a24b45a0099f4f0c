import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { harborFiles, misfit } from '../check/export-harbor.ts';
import { environmentOf } from '../environment/environment-of-task.ts';
import { messageOf, ProctorError } from '../errors.ts';
import { atifTrajectory } from '../interop/atif/export.ts';
import { type CsvRows, csvTable } from '../interop/csv.ts';
import { ctrfReport } from '../interop/ctrf.ts';
import { lossesOf } from '../interop/foreign/facts-of.ts';
import { inspectLogs, logFile } from '../interop/inspect/export.ts';
import { junitXml } from '../interop/junit.ts';
import { otlpTraces, postTraces } from '../interop/otel/export.ts';
import type { ExportedFile, ScoredRun } from '../interop/scored-trial.ts';
import { isFolder } from '../schema/author-folder.ts';
import { countedIn } from '../schema/run.ts';
import { scoreTrace } from '../scored-trace.ts';
import { findTasks } from '../task/find.ts';
import { findTraces, type TraceRef } from '../trace/find-trace.ts';
import { readRun, runFile } from '../trace/run-file.ts';
import { proctorVersion } from '../version.ts';
import { makeFolder } from './folder.ts';
import type { ExportFormat, TraceFormat } from './option.ts';
import { asJson, say } from './print.ts';

interface ExportFlags<Format = TraceFormat> {
  out: string;
  to: Format;
  output?: string;
  endpoint?: string;
  rows: CsvRows;
}

/** `proctor export`: hands recorded trials to other tools, in their formats. */
export async function exportAny(reference: string, flags: ExportFlags<ExportFormat>): Promise<void> {
  const { to } = flags;
  if (flags.endpoint !== undefined && to !== 'otel')
    throw new ProctorError('bad-flag', `--endpoint takes OpenTelemetry traces; expected --to otel`);
  if (to === 'harbor') return exportTask(reference, flags.output);
  return exportRun(reference, { ...flags, to });
}

async function exportRun(reference: string, flags: ExportFlags): Promise<void> {
  const run = scoredRun(findTraces(reference, flags.out));
  const files = filesOf(run, flags);
  if (flags.endpoint !== undefined) {
    await postTraces(otlpTraces(run, proctorVersion), addressOf(flags.endpoint), collectorHeaders());
    say(`posted ${run.trials.length} traces to ${flags.endpoint}`);
    if (flags.output === undefined) return;
  }
  write(files, flags);
  sayLosses(run, flags.to);
}

/** Writes a task as a Harbor task. Throws `unsupported` saying why it does not fit. */
function exportTask(reference: string, output: string | undefined): void {
  if (output === undefined) throw new ProctorError('bad-flag', '--to harbor makes a folder; expected -o DIR');
  for (const task of findTasks([reference])) {
    const setup = { task, environment: environmentOf(task) };
    const why = misfit(setup);
    if (why !== undefined)
      throw new ProctorError('unsupported', `${task.name} does not fit the Harbor format: ${why}`);
    for (const { path, content, mode, target } of harborFiles(setup)) {
      if (target === undefined) put(join(output, path), content, mode);
      else link(join(output, path), target);
    }
  }
}

/** The trials that a reference means, without those that were tried again or resumed. */
function scoredRun(traces: TraceRef[]): ScoredRun {
  const [first] = traces;
  if (!first) throw new ProctorError('not-found', 'there is no trial to export');
  const dir = dirname(first.dir);
  const run = existsSync(join(dir, runFile)) ? readRun(dir) : undefined;
  const kept = run && traces.length > 1 ? countedIn(run, traces) : traces;
  return {
    run: first.run,
    trials: kept.map((trace) => scoreTrace(trace.dir)),
    skipped: traces.length > 1 ? (run?.skipped ?? []) : [],
  };
}

function filesOf(run: ScoredRun, { to, output, rows }: ExportFlags): ExportedFile[] {
  switch (to) {
    case 'atif':
      return run.trials.map((scored) => {
        const { trajectory, images } = atifTrajectory(scored, proctorVersion);
        const name = `${scored.trial.started.trial.replace(/[^\w-]+/g, '_')}.json`;
        return { name, data: asJson(trajectory), beside: images };
      });
    case 'inspect':
      return inspectLogs(run, proctorVersion).map((log) =>
        logFile(log, output?.endsWith('.eval') ? 'eval' : 'json'),
      );
    case 'otel':
      return [{ name: 'traces.json', data: asJson(otlpTraces(run, proctorVersion)) }];
    case 'junit':
      return [{ name: 'junit.xml', data: junitXml(run) }];
    case 'ctrf':
      return [{ name: 'ctrf.json', data: asJson(ctrfReport(run, proctorVersion)) }];
    case 'csv':
      return [{ name: `${rows}.csv`, data: csvTable(run, rows) }];
  }
}

/** One file goes to stdout or to the file that was named; several, or those with others beside them, need a folder. */
function write(files: ExportedFile[], { output, to }: ExportFlags): void {
  const [only] = files;
  if (output === undefined) {
    if (files.length > 1)
      throw new ProctorError('bad-flag', `--to ${to} makes ${files.length} files; expected a folder: -o DIR`);
    process.stdout.write(only?.data ?? '');
    return;
  }
  const named = files.length === 1 && !output.endsWith('/') && !isFolder(output);
  const folder = resolve(named ? dirname(output) : output);
  try {
    for (const file of files) {
      put(named ? resolve(output) : join(folder, file.name), file.data);
      for (const { path, data } of file.beside ?? []) put(join(folder, path), data);
    }
  } catch (cause) {
    if (cause instanceof ProctorError) throw cause;
    throw new ProctorError('bad-flag', `--output ${output}: ${messageOf(cause)}`, { cause });
  }
}

function put(path: string, data: string | Uint8Array, mode = 0o644): void {
  makeFolder(`--output ${path}`, dirname(path));
  writeFileSync(path, data, { mode });
}

function link(path: string, target: string): void {
  makeFolder(`--output ${path}`, dirname(path));
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

/** Formats of whole trials say what they have no place for. */
function sayLosses({ trials }: ScoredRun, to: ExportFlags['to']): void {
  if (to !== 'atif' && to !== 'inspect') return;
  const lost = new Set(trials.flatMap(lossesOf));
  say(`${to} has no place for: ${[...lost].join(', ')}`);
}

function addressOf(endpoint: string): URL {
  if (URL.canParse(endpoint)) return new URL(endpoint);
  throw new ProctorError('bad-flag', `--endpoint ${endpoint}: expected a URL, such as http://127.0.0.1:4318`);
}

/** `OTEL_EXPORTER_OTLP_HEADERS`, such as `authorization=Bearer%20x,tenant=y`. */
function collectorHeaders(): Record<string, string> {
  const pairs = (process.env.OTEL_EXPORTER_OTLP_HEADERS ?? '')
    .split(',')
    .filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), decodeURIComponent(value.join('=').trim())];
    }),
  );
}
