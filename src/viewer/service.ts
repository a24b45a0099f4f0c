import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ProctorError } from '../errors.ts';
import { readExperiment } from '../experiment-file.ts';
import { holdsTrace, locateTrace, logFile } from '../trace/location.ts';
import { openTrace } from '../trace/trace-file.ts';
import type { Answers, LogLine, StepResponse } from './api.ts';
import { createComparer } from './comparison.ts';
import type { Library } from './library.ts';
import { createLinkedTrials, lineageOf } from './lineage.ts';
import { createRunList, createRunPages, scoreOf } from './run-response.ts';
import { searchTrace } from './search.ts';
import { createIndexCache } from './trial-index.ts';
import { type OpenTrial, stepResponse, stepRows, trialResponse } from './trial-response.ts';

/** What can be asked of recorded runs. Everything throws `not-found` for what is not in the library. */
export interface Service extends Answers {
  step(run: string, trial: string, step: number): Promise<StepResponse>;
  body(run: string, trial: string, sha256: string, offset: number, length: number): Promise<Buffer>;
  /** Reads what is likely to be asked for next, while nothing is, until `signal` aborts. */
  readAhead(signal: AbortSignal): Promise<void>;
}

/** @param queue how the queue stands, where one was named */
export function createService(library: Library, queue: Answers['queue'] = async () => null): Service {
  const indexOf = createIndexCache();
  const pageOf = createRunPages(indexOf);
  const links = createLinkedTrials(library);
  const list = createRunList(library);
  const comparer = createComparer(library);
  let isScoring = false;
  let judged: { key: string; score: OpenTrial['score'] } | undefined;

  /** The score of the trial that is looked at is kept. */
  function scored(dir: string, entry: OpenTrial['entry']): OpenTrial['score'] {
    const key = `${dir} ${entry.status} ${entry.head?.sha256}`;
    if (judged?.key !== key) judged = { key, score: scoreOf(dir, entry) };
    return judged.score;
  }

  async function openTrial(runId: string, id: string): Promise<OpenTrial> {
    const { run } = library.run(runId);
    const { entry, dir } = library.trial(runId, id);
    if (!holdsTrace(dir))
      throw new ProctorError('not-found', `trial ${id} has not started: it has no trace yet`);
    return { run, entry, index: await indexOf(dir), score: scored(dir, entry) };
  }

  return {
    async runs() {
      const summaries = await list();
      if (!isScoring) void scoreAll(library);
      isScoring = true;
      return summaries;
    },
    async run(id) {
      const { run, dir } = library.run(id);
      const page = await pageOf(run, dir);
      const experiment = run.kind === 'experiment' ? readExperiment(dir) : undefined;
      return { ...page, ...(experiment && { experiment }) };
    },
    queue,
    comparison: async (sets) => comparer.compare(sets),
    readAhead: comparer.readAhead,
    trial: async (run, trial) => trialResponse(await openTrial(run, trial)),
    lineage: async (run, trial) => lineageOf(run, library.trial(run, trial).entry.trial, await links()),
    rows: async (run, trial, from) => stepRows(await openTrial(run, trial), from),
    async step(run, trial, k) {
      const page = stepResponse(await openTrial(run, trial), k);
      if (!page) throw new ProctorError('not-found', `no step ${k} in trial ${trial}`);
      return page;
    },
    log: async (run, trial) => readRunLog(library.run(run).dir, library.trial(run, trial).entry.trial),
    async search(run, trial, query, signal) {
      return searchTrace(openTrace(library.trial(run, trial).dir), query, signal);
    },
    body(run, trial, sha256, offset, length) {
      return readBodyPiece(locateTrace(library.trial(run, trial).dir).bodies, sha256, offset, length);
    },
  };
}

/** No more is given at once, in bytes. */
const maxPieceBytes = 4 * 1024 * 1024;

/** Reads a piece of a stored body. Throws `not-found`, also for what is no digest. */
async function readBodyPiece(dir: string, sha256: string, offset: number, length: number): Promise<Buffer> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ProctorError('not-found', 'a body is named by its sha256');
  const file = await open(join(dir, sha256)).catch((cause: unknown) => {
    throw new ProctorError('not-found', `no body ${sha256}`, { cause });
  });
  try {
    const piece = Buffer.alloc(Math.min(length, maxPieceBytes));
    const { bytesRead } = await file.read(piece, 0, piece.length, offset);
    return piece.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Only the end of a longer log is read, in bytes. */
const maxLogBytes = 1024 * 1024;

const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** What the program logged of a trial, and of the run as a whole; nothing where there is no log. */
async function readRunLog(runDir: string, trial: string): Promise<LogLine[]> {
  const path = join(runDir, logFile);
  if (!existsSync(path)) return [];
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - maxLogBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    return lines.flatMap((line) => logLine(line, trial));
  } finally {
    await file.close();
  }
}

function logLine(line: string, wanted: string): LogLine[] {
  try {
    const { time, level, msg = '', trial, ...rest } = JSON.parse(line);
    if (trial !== undefined && trial !== wanted) return [];
    const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
    return [
      { at: new Date(time).toISOString(), level: levels[level] ?? String(level), text: `${msg}${more}` },
    ];
  } catch {
    return [];
  }
}

const breatheMs = 5;

/** Scores what has no score yet, such as after an update, one trial after another, for the next list of runs to have it. */
async function scoreAll(library: Library): Promise<void> {
  for (const { run, trials } of library.runs()) {
    for (const { trial } of trials) {
      await setTimeout(breatheMs, undefined, { ref: false });
      try {
        const { dir, entry } = library.trial(run, trial);
        scoreOf(dir, entry);
      } catch {
        // What cannot be read is said where it is looked at.
      }
    }
  }
}
