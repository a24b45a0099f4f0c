import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { messageOf, ProctorError } from '../errors.ts';
import { markdownReport } from '../report/markdown.ts';
import { runDocument } from '../report/run-document.ts';
import { runPage } from '../report/run-page.ts';
import type { RunReport } from '../report/run-report.ts';
import { plain, styleFor } from '../report/style.ts';
import { findTraces } from '../trace/find-trace.ts';
import { readRun } from '../trace/run-file.ts';
import { numberBetween, outOption } from './option.ts';
import { demandGates, reportOf } from './result.ts';

interface ReportFlags {
  out: string;
  format: 'text' | 'json' | 'markdown';
  output?: string;
  failUnder?: number;
  maxSeverity?: number;
}

/** `proctor report`: reads a recorded run and sums it up. Throws `gate-not-met` where a gate was asked for. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Sum up a recorded run: tables, JSON, or Markdown for a pull request.')
    .argument('[run]', 'folder or id of a run', 'last')
    .addOption(outOption())
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .option('-o, --output <file>', 'write to a file')
    .option('--fail-under <share>', 'exit 1 where mean completion is lower', numberBetween(0, 1))
    .option('--max-severity <level>', 'exit 1 where a finding is more severe', numberBetween(0, 6))
    .action((reference: string, flags: ReportFlags) => {
      const report = recorded(reference, flags.out);
      write(render(report, flags), flags.output);
      demandGates(report, flags);
    });
}

function recorded(reference: string, out: string): RunReport {
  const [first] = findTraces(reference, out);
  if (!first) throw new ProctorError('not-found', `${reference}: no trial was recorded`);
  const dir = dirname(first.dir);
  return reportOf(readRun(dir), dir);
}

function render(report: RunReport, { format, output }: ReportFlags): string {
  if (format === 'json') return `${JSON.stringify(runDocument(report), null, 2)}\n`;
  if (format === 'markdown') return markdownReport(report);
  return runPage(report, output === undefined ? styleFor(process.stdout, process.env) : plain);
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
