import { dirname, resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import { several } from '../format.ts';
import { agreementBeside } from '../library/run-report.ts';
import { renderTrial } from '../report/render-trial.ts';
import { selectSteps } from '../report/selection.ts';
import { type TrialDocument, trialDocument } from '../report/trial-document.ts';
import { processExists } from '../sandbox/process-owner.ts';
import { readStep, scoreTrace } from '../scored-trace.ts';
import { findTrace } from '../trace/find-trace.ts';
import { childrenIn } from '../trace/lineage.ts';
import { runOf } from '../trace/run-file.ts';
import { print, say, sayLeftOut } from './print.ts';

interface ShowFlags {
  out: string;
  step?: number;
  failed?: boolean;
  findings?: boolean;
  grep?: RegExp;
  full?: boolean;
  json?: boolean;
}

/** `proctor show`: reads a recorded trial; nothing is run again. */
export function show(reference: string, flags: ShowFlags): void {
  const { dir } = findTrace(reference, flags.out);
  const { trial, score, bodies, torn } =
    flags.step === undefined ? scoreTrace(dir) : readStep(dir, flags.step);
  const children = childrenIn(dirname(dirname(resolve(dir))), sayLeftOut).get(
    `${trial.started.run}/${trial.started.trial}`,
  );
  const running = isRunning(dir);
  const judge = score?.safety.judge;
  const document = {
    ...trialDocument(trial, score, bodies, children),
    ...(running && { running: true as const }),
    ...(judge && { agreement: agreementBeside(dirname(resolve(dir))).agreementOf?.(judge) ?? null }),
  };
  if (flags.step !== undefined) requireStep(document, flags.step, dir);
  if (torn && !running) say(`proctor: ${dir}: the last line is torn; the trace is shown up to it`);
  const selected = { ...document, steps: selectSteps(document.steps, flags) };
  print(flags.json, selected, (style) => renderTrial(document, flags, style));
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
    `--step ${step}: ${run}/${trial} has ${several(all, 'step')}, numbered from 0`,
  );
}
