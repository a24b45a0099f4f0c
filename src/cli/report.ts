import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { messageOf, ProctorError } from '../errors.ts';
import { markdownReport } from '../report/markdown.ts';
import { renderRun } from '../report/render-run.ts';
import { runDocument } from '../report/run-document.ts';
import type { RunReport } from '../report/run-report.ts';
import { plain, styleFor } from '../report/style.ts';
import { findTraces } from '../trace/find-trace.ts';
import { childrenIn } from '../trace/lineage.ts';
import { readRun } from '../trace/run-file.ts';
import { htmlReport } from '../viewer/html-report.ts';
import { createLibrary } from '../viewer/library.ts';
import { type KeptBodies, takeSnapshot } from '../viewer/snapshot.ts';
import { numberBetween, outOption } from './option.ts';
import { reportOf, requireGates } from './result.ts';

interface ReportFlags {
  out: string;
  format: 'text' | 'json' | 'markdown' | 'html';
  bodies: KeptBodies;
  output?: string;
  failUnder?: number;
  maxSeverity?: number;
}

/** `proctor report`: reads a recorded run and sums it up. Throws `gate-not-met` where a gate was asked for. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Sum up a recorded run: tables, JSON, Markdown for a pull request, or one HTML file.')
    .argument('[run]', 'folder or id of a run', 'last')
    .addOption(outOption())
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['text', 'json', 'markdown', 'html'])
        .default('text'),
    )
    .addOption(
      new Option('--bodies <which>', 'steps whose inside an HTML report holds')
        .choices(['none', 'findings', 'all'])
        .default('findings'),
    )
    .option('-o, --output <file>', 'write to a file')
    .option('--fail-under <share>', 'exit 1 where mean completion is lower', numberBetween(0, 1))
    .option('--max-severity <level>', 'exit 1 where a finding is more severe', numberBetween(0, 6))
    .action(async (reference: string, flags: ReportFlags) => {
      const report = recorded(reference, flags.out);
      write(flags.format === 'html' ? await page(report, flags) : render(report, flags), flags.output);
      requireGates(report, flags);
    });
}

function recorded(reference: string, out: string): RunReport {
  const [first] = findTraces(reference, out);
  if (!first) throw new ProctorError('not-found', `${reference}: no trial was recorded`);
  const dir = dirname(first.dir);
  const report = reportOf(readRun(dir), dir);
  const children = childrenIn(dirname(resolve(dir)));
  const trials = report.trials.map((trial) => ({
    ...trial,
    children: children.get(`${report.run}/${trial.trial}`) ?? [],
  }));
  return { ...report, trials };
}

function render(report: RunReport, { format, output }: ReportFlags): string {
  if (format === 'json') return `${JSON.stringify(runDocument(report), null, 2)}\n`;
  if (format === 'markdown') return markdownReport(report);
  return renderRun(report, output === undefined ? styleFor(process.stdout, process.env) : plain);
}

async function page({ run, dir }: RunReport, { bodies }: ReportFlags): Promise<string> {
  const library = createLibrary(() => [resolve(dir)]);
  return htmlReport(await takeSnapshot(library, run, bodies));
}

function write(text: string, file: string | undefined): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new ProctorError('bad-flag', `--output ${file}: ${messageOf(error)}`, { cause: error });
  }
}
