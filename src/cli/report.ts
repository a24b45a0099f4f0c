import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, ProctorError } from '../errors.ts';
import { reportOf } from '../library/run-report.ts';
import { markdownReport } from '../report/markdown.ts';
import { renderRun } from '../report/render-run.ts';
import { runDocument } from '../report/run-document.ts';
import type { RunReport } from '../report/run-report.ts';
import { plain, styleFor } from '../report/style.ts';
import { findTraces } from '../trace/find-trace.ts';
import { childrenIn } from '../trace/lineage.ts';
import { readRun } from '../trace/run-file.ts';
import { htmlReport, type KeptBodies, takeSnapshot } from '../viewer/html-report.ts';
import { createLibrary } from '../viewer/library.ts';
import { asJson, printText, sayLeftOut } from './print.ts';
import { requireGates, requireReadable } from './result.ts';

interface ReportFlags {
  out: string;
  format: 'text' | 'json' | 'markdown' | 'html';
  bodies: KeptBodies;
  output?: string;
  failUnder?: number;
  maxSeverity?: number;
  allowUnscored?: boolean;
}

/** `proctor report`: reads a recorded run and sums it up. Throws `gate-not-met` where a gate was asked for. */
export async function report(reference: string, flags: ReportFlags): Promise<void> {
  const summary = recorded(reference, flags.out);
  write(flags.format === 'html' ? await page(summary, flags) : render(summary, flags), flags.output);
  requireReadable(summary);
  requireGates(summary, flags);
}

function recorded(reference: string, out: string): RunReport {
  const [first] = findTraces(reference, out);
  if (!first) throw new ProctorError('not-found', `${reference}: no trial was recorded`);
  const dir = dirname(first.dir);
  const report = reportOf(readRun(dir), dir);
  const children = childrenIn(dirname(resolve(dir)), sayLeftOut);
  const trials = report.trials.map((trial) => ({
    ...trial,
    children: children.get(`${report.run}/${trial.trial}`) ?? [],
  }));
  return { ...report, trials };
}

function render(report: RunReport, { format, output }: ReportFlags): string {
  if (format === 'json') return asJson(runDocument(report));
  if (format === 'markdown') return markdownReport(report);
  const style = output === undefined ? styleFor(process.stdout, process.env) : plain;
  return renderRun(report, style, { groups: true });
}

async function page({ run, dir }: RunReport, { bodies }: ReportFlags): Promise<string> {
  const library = createLibrary(() => [resolve(dir)]);
  return htmlReport(await takeSnapshot(library, run, bodies));
}

function write(text: string, file: string | undefined): void {
  if (file === undefined) {
    printText(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new ProctorError('bad-flag', `--output ${file}: ${messageOf(error)}`, { cause: error });
  }
}
