import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Run } from '../schema/run.ts';
import { readScore, scoreKeyOf } from '../score-file.ts';
import { type RunSummary, runSummary } from '../scoring/run-summary.ts';
import type { Library } from './library.ts';

/**
 * Lists the runs of a library, newest first, by the scores that are kept beside their traces; nothing is scored for it.
 * A run that has not been written since and whose scores are all there is not read again.
 */
export function createRunList(library: Library): () => Promise<RunSummary[]> {
  const known = new WeakMap<Run, RunSummary>();

  async function read(run: Run): Promise<RunSummary> {
    await setImmediate();
    const { dir } = library.run(run.run);
    let missing = 0;
    const summary = runSummary(run, ({ dir: folder, head, status }) => {
      const score = head && readScore(join(dir, folder), scoreKeyOf(head.sha256));
      if (status === 'ended' && !score) missing += 1;
      return score;
    });
    if (missing === 0) known.set(run, summary);
    return summary;
  }

  return async () => {
    const summaries: RunSummary[] = [];
    for (const run of library.runs()) summaries.push(known.get(run) ?? (await read(run)));
    return summaries;
  };
}
