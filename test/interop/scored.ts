import type { ForeignTrial } from '../../src/interop/foreign/foreign-trial.ts';
import { writeForeignTrial } from '../../src/interop/foreign/write.ts';
import type { ScoredRun, ScoredTrial } from '../../src/interop/scored-trial.ts';
import { scoreTrial } from '../../src/scoring/score-trial.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { createTraceWriter } from '../../src/trace/writer.ts';
import { temporaryFolder } from '../folder.ts';
import { bodies, type MadeTrial, madeTrial } from '../scoring/trace-builder.ts';

export function scored(made: MadeTrial): ScoredTrial {
  const trial = madeTrial(made);
  return { trial, bodies, score: scoreTrial(trial, bodies) };
}

export const scoredRun = (...made: MadeTrial[]): ScoredRun => ({
  run: 'r1',
  trials: made.map(scored),
  skipped: [{ task: 'suite/kernel', reason: 'needs kernel, which embedded lacks' }],
});

export function readScored(dir: string): ScoredTrial {
  const trace = openTrace(dir);
  const trial = foldTrial(trace.events, trace.bodies);
  return { trial, bodies: trace.bodies, score: scoreTrial(trial, trace.bodies) };
}

/** Makes a trace of a foreign trial and reads it again. */
export function imported(foreign: ForeignTrial): ScoredTrial {
  const dir = temporaryFolder();
  writeForeignTrial(foreign, {
    run: 'r2',
    trial: 'imported',
    proctor: '0.0.0',
    source: '/record.json',
    open: (now) => createTraceWriter({ dir: `${dir}/t`, bodiesDir: `${dir}/bodies`, secrets: {}, now }),
  });
  return readScored(`${dir}/t`);
}
