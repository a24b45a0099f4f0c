import { dirname } from 'node:path';
import { Command } from 'commander';
import { ProctorError } from '../errors.ts';
import { renderRun } from '../report/render-run.ts';
import { runDocument } from '../report/run-document.ts';
import { reportedTrial } from '../report/run-report.ts';
import { styleFor } from '../report/style.ts';
import { scoreTrace } from '../scored-trace.ts';
import { verifyChain } from '../trace/chain.ts';
import { findTraces } from '../trace/find-trace.ts';
import { sealedHead } from '../trace/run-file.ts';
import { printBacktest } from './backtest.ts';
import { outOption } from './option.ts';

interface ScoreFlags {
  out: string;
  policy?: string;
  labels?: string;
  json?: boolean;
}

/** `proctor score`: judges recorded trials again; nothing is run again. Throws `tampered-trace` where a trace was edited. */
export function scoreCommand(): Command {
  return new Command('score')
    .description('Judge recorded trials again, with the scorers of today. Refuses traces that were edited.')
    .argument('<trace...>', 'folders of traces or runs, `last`, or ids')
    .addOption(outOption())
    .option(
      '--policy <file>',
      'show what these rules, put over the recorded ones, would have found and blocked',
    )
    .option('--labels <file>', 'JSON: trial to whether a finding is right; with --policy')
    .option('--json', 'one JSON document')
    .action((references: string[], flags: ScoreFlags) => {
      const { policy, labels, json = false } = flags;
      if (labels !== undefined && policy === undefined)
        throw new ProctorError('bad-flag', '--labels: expected --policy beside it');
      const traces = references.flatMap((reference) => findTraces(reference, flags.out));
      for (const { dir } of traces) verifyChain(dir, sealedHead(dir));
      if (policy !== undefined)
        return printBacktest(traces, { policy, json, ...(labels !== undefined && { labels }) });
      const trials = traces.map(({ dir }) => {
        const { trial, score } = scoreTrace(dir, { fresh: true });
        return reportedTrial(trial, score, dir);
      });
      const report = { run: traces[0]?.run ?? '', dir: dirname(traces[0]?.dir ?? ''), trials, skipped: [] };
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(runDocument(report), null, 2)}\n`
          : renderRun(report, styleFor(process.stdout, process.env)),
      );
    });
}
