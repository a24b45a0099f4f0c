import { dirname, resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { type TrialDocument, trialDocument } from '../report/trial-document.ts';
import { processExists } from '../sandbox/process-owner.ts';
import { readStep, scoreTrace } from '../scored-trace.ts';
import { findTrace } from '../trace/find-trace.ts';
import { childrenIn } from '../trace/lineage.ts';
import { runOf } from '../trace/run-file.ts';
import { agreementBeside } from './run-report.ts';

export interface ReadOptions {
  /** Folder of recorded runs; `traces` when absent. */
  out?: string;
  /** Reads this step alone, which is quick in a long trace too. */
  step?: number;
  /** Told of traces beside it that cannot be read, and so were not looked at for forks of it. */
  unreadable?: (error: ProctorError) => void;
}

/** A recorded trial with its scores and every body resolved. */
export interface ReadTrace extends TrialDocument {
  /** The trial's folder. */
  dir: string;
  /** Whether its last line was only half written; it is read up to there. */
  torn: boolean;
}

/**
 * Reads a recorded trial: its folder, its id or the beginning of one, or `last`. Nothing is run again.
 * Throws `not-found`, `bad-trace`, or `bad-flag` for a step that there is not or a reference that could be several.
 */
export function readTrace(reference: string, options: ReadOptions = {}): ReadTrace {
  const { out = 'traces', step, unreadable = () => {} } = options;
  const { dir } = findTrace(reference, out);
  const { trial, score, bodies, torn } = step === undefined ? scoreTrace(dir) : readStep(dir, step);
  const { run, trial: id } = trial.started;
  const children = childrenIn(dirname(dirname(resolve(dir))), unreadable).get(`${run}/${id}`);
  const judge = score?.safety.judge;
  const document = {
    ...trialDocument(trial, score, bodies, children),
    ...(isRunning(dir) && { running: true as const }),
    ...(judge && { agreement: agreementBeside(dirname(resolve(dir))).agreementOf?.(judge) ?? null }),
  };
  if (step !== undefined) requireStep(document, step, dir);
  return { ...document, dir, torn };
}

/** Whether the trial of a trace has not ended, and the process that runs it is there. */
function isRunning(dir: string): boolean {
  const found = runOf(dir);
  return found?.run.status === 'running' && found.entry?.status === 'running' && processExists(found.run.pid);
}

function requireStep({ run, trial, steps }: TrialDocument, step: number, dir: string): void {
  if (steps.some((one) => one.step === step)) return;
  const all = scoreTrace(dir).trial.steps.length;
  throw new ProctorError(
    'bad-flag',
    `step ${step}: ${run}/${trial} has ${several(all, 'step')}, numbered from 0`,
  );
}
