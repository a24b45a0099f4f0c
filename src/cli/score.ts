import { dirname } from 'node:path';
import { Command } from 'commander';
import { runDocument } from '../report/run-document.ts';
import { runPage } from '../report/run-page.ts';
import { reportedTrial } from '../report/run-report.ts';
import { styleFor } from '../report/style.ts';
import { scoreTrace } from '../scoring/score-trace.ts';
import { verifyChain } from '../trace/chain.ts';
import { findTraces } from '../trace/find-trace.ts';
import { sealedHead } from '../trace/run-file.ts';
import { outOption } from './option.ts';

/** `proctor score`: judges recorded trials again; nothing is run again. Throws `tampered-trace` where a trace was edited. */
export function scoreCommand(): Command {
  return new Command('score')
    .description('Judge recorded trials again, with the scorers of today. Refuses traces that were edited.')
    .argument('<trace...>', 'folders of traces or runs, `last`, or ids')
    .addOption(outOption())
    .option('--json', 'one JSON document')
    .action((references: string[], flags: { out: string; json?: boolean }) => {
      const traces = references.flatMap((reference) => findTraces(reference, flags.out));
      for (const { dir } of traces) verifyChain(dir, sealedHead(dir));
      const trials = traces.map(({ dir }) => {
        const { trial, score } = scoreTrace(dir, { fresh: true });
        return reportedTrial(trial, score, dir);
      });
      const report = { run: traces[0]?.run ?? '', dir: dirname(traces[0]?.dir ?? ''), trials, skipped: [] };
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(runDocument(report), null, 2)}\n`
          : runPage(report, styleFor(process.stdout, process.env)),
      );
    });
}
