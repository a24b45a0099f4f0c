import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ProctorError, unlessFailed } from '../errors.ts';
import { didYouMean, nearest } from '../schema/nearest.ts';
import { kindOf, type Run, type RunKind } from '../schema/run.ts';
import { holdsTrace, traceFile } from './location.ts';
import { readRun, runFile } from './run-file.ts';

/** A trace on disk, by the ids of its run and trial. */
export interface TraceRef {
  run: string;
  trial: string;
  /** The trial's folder. */
  dir: string;
}

/**
 * The traces that a reference means: a path of a run, a trace folder or its log; `last` for those of the newest run of
 * trials, not counting replays, stopped replays and probes of `bisect`; a run's id, a trial's id, or the beginning of
 * one. Throws `not-found` naming the nearest, or `bad-flag` where ids of several trials, or of several runs, begin so.
 */
export function findTraces(reference: string, tracesDir: string): TraceRef[] {
  const byPath = tracesAt(reference);
  if (byPath !== undefined) return byPath;
  if (reference === 'last') return newestTrials(tracesDir);
  const runs = runsOf(tracesDir);
  const traces = runs.flatMap((run) => run.traces);
  const sameTrial = traces.filter(({ trial }) => trial === reference);
  const sameRun = runs.find(({ run }) => run === reference);
  if (sameRun !== undefined) return sameRun.traces;
  if (sameTrial.length > 0) return [onlyOne(sameTrial, reference)];
  return byBeginning(reference, runs, tracesDir);
}

/** The one trace that a reference means; of `last`, the one written last. Throws `bad-flag` where there are several. */
export function findTrace(reference: string, tracesDir: string): TraceRef {
  const traces = findTraces(reference, tracesDir);
  return reference === 'last' ? lastWritten(traces) : onlyOne(traces, reference);
}

/** The folder of the run that a path, an id or the beginning of one means, or `last`. Throws `not-found` or `bad-flag`. */
export function findRun(reference: string, tracesDir: string): string {
  for (const dir of [reference, join(tracesDir, reference)])
    if (existsSync(join(dir, runFile))) return resolve(dir);
  const [first] = findTraces(reference, tracesDir);
  if (first) return dirname(first.dir);
  throw new ProctorError('not-found', `${reference}: no run with a ${runFile}`);
}

interface RunRef {
  run: string;
  traces: TraceRef[];
}

function tracesAt(path: string): TraceRef[] | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const dir = resolve(found.isFile() ? dirname(path) : path);
  if (holdsTrace(dir)) return [{ run: basename(dirname(dir)), trial: basename(dir), dir }];
  const traces = tracesIn(dir);
  if (traces.length > 0) return traces;
  throw new ProctorError('not-found', `${path}: no trace here; expected a ${traceFile} or folders with one`);
}

/** Newest last. */
function runsOf(tracesDir: string): RunRef[] {
  return foldersIn(tracesDir)
    .map((run) => ({ run, traces: tracesIn(join(tracesDir, run)) }))
    .filter(({ traces }) => traces.length > 0);
}

function tracesIn(runDir: string, listed = readableRun(runDir)?.trials ?? []): TraceRef[] {
  const run = basename(runDir);
  const named = new Map(listed.map(({ trial, dir }) => [dir, trial]));
  return foldersIn(runDir)
    .filter((folder) => holdsTrace(join(runDir, folder)))
    .map((folder) => ({ run, trial: named.get(folder) ?? folder, dir: join(runDir, folder) }));
}

/** Names of the folders in a folder; none where it is missing, or a file. */
export function foldersIn(dir: string): string[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The traces of the newest run whose trials count; where there is none, those of the newest check. */
function newestTrials(tracesDir: string): TraceRef[] {
  const runs = foldersIn(tracesDir).flatMap((folder) => datedRun(join(tracesDir, folder)));
  runs.sort((a, b) => b.begun.localeCompare(a.begun));
  const newestOf = (wanted: RunKind) => runs.find(({ kind }) => kind === wanted);
  const newest = newestOf('trials') ?? newestOf('check');
  if (newest) return newest.traces;
  const there = runs.length > 0 ? 'there are only replays; name one by its id' : 'there are no traces yet';
  throw new ProctorError('not-found', `${tracesDir}: ${there}`);
}

/** A run with traces, and when it began; where its file does not say, when it was written last. */
function datedRun(dir: string): { begun: string; kind: RunKind; traces: TraceRef[] } | [] {
  const run = readableRun(dir);
  const traces = tracesIn(dir, run?.trials);
  if (traces.length === 0) return [];
  const begun = run?.startedAt ?? new Date(writtenAt(lastWritten(traces))).toISOString();
  return { begun, kind: run ? kindOf(run) : 'trials', traces };
}

/** Undefined where there is no `run.json`, or none that can be read; its traces can be all the same. */
function readableRun(dir: string): Run | undefined {
  return unlessFailed(() => readRun(dir));
}

function lastWritten(traces: TraceRef[]): TraceRef {
  return traces.reduce((last, trace) => (writtenAt(trace) > writtenAt(last) ? trace : last));
}

/** Milliseconds since 1970. */
function writtenAt({ dir }: TraceRef): number {
  return statSync(join(dir, traceFile)).mtimeMs;
}

function byBeginning(reference: string, runs: RunRef[], tracesDir: string): TraceRef[] {
  const traces = runs.flatMap((run) => run.traces).filter(({ trial }) => trial.startsWith(reference));
  if (traces.length > 0) return [onlyOne(traces, reference)];
  const begun = runs.filter(({ run }) => run.startsWith(reference));
  if (begun.length > 1)
    throw ambiguous(
      reference,
      begun.map(({ run }) => run),
    );
  return begun[0]?.traces ?? notFound(reference, runs, tracesDir);
}

function onlyOne(traces: TraceRef[], reference: string): TraceRef {
  const [only, ...others] = traces;
  if (only !== undefined && others.length === 0) return only;
  throw ambiguous(
    reference,
    traces.map(({ run, trial }) => `${trial} (${run})`),
  );
}

function ambiguous(reference: string, candidates: string[]): ProctorError {
  const shown = candidates.slice(0, 10).join(', ');
  const more = candidates.length > 10 ? ` and ${candidates.length - 10} more` : '';
  return new ProctorError('bad-flag', `"${reference}" could be any of ${shown}${more}; give one of them`);
}

function notFound(reference: string, runs: RunRef[], tracesDir: string): never {
  const ids = runs.flatMap(({ run, traces }) => [run, ...traces.map(({ trial }) => trial)]);
  const hint = ids.length > 0 ? hintFor(reference, ids) : '; there are no traces yet';
  throw new ProctorError('not-found', `no trace "${reference}" in ${tracesDir}${hint}`);
}

function hintFor(reference: string, ids: string[]): string {
  const near = didYouMean(reference, ['last', ...ids]);
  return near === '' ? `; the nearest is "${nearest(reference, ids, Number.POSITIVE_INFINITY)}"` : near;
}
