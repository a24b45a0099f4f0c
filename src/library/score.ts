import { dirname } from 'node:path';
import { type RunReport, reportedTrial } from '../report/run-report.ts';
import { scoreTrace } from '../scored-trace.ts';
import { verifyChain } from '../trace/chain.ts';
import { findTraces } from '../trace/find-trace.ts';
import { sealedHead } from '../trace/run-file.ts';
import { listOf } from './list.ts';
import { agreementBeside } from './run-report.ts';

export interface ScoreOptions {
  /** Folder of recorded runs; `traces` when absent. */
  out?: string;
}

/**
 * Judges recorded trials again, with the scorers of today: runs and traces by folder or id, or `last`. Nothing is run again.
 * Throws `not-found`, `bad-trace`, or `tampered-trace` where one was edited.
 */
export function score(
  references: string | readonly string[],
  { out = 'traces' }: ScoreOptions = {},
): RunReport {
  const traces = listOf(references).flatMap((reference) => findTraces(reference, out));
  for (const { dir } of traces) verifyChain(dir, sealedHead(dir));
  const trials = traces.map(({ dir }) => reportedTrial(scoreTrace(dir, { fresh: true })));
  const dir = dirname(traces[0]?.dir ?? '');
  return { run: traces[0]?.run ?? '', dir, trials, skipped: [], ...agreementBeside(dir) };
}
