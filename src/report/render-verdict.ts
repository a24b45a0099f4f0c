import { duration } from '../format.ts';
import { readTestReport } from '../scoring/failure.ts';
import { cut, harmless, indent, type Limit } from './cut.ts';
import type { Colors } from './style.ts';
import type { VerdictDocument } from './trial-document.ts';

/** What a verifier said: its rewards, what failed, and its output. */
export function renderVerdict(verdict: VerdictDocument, limit: Limit, colors: Colors): string {
  const { phase, by, where, rewards, checks, error, integrity, exitCode, durationMs } = verdict;
  const given = Object.entries(rewards ?? {}).map(([key, value]) => `${key} ${value}`);
  const code = exitCode === undefined ? [] : [`exit code ${exitCode}`];
  const head = [
    `verifier by ${by}, ${where}`,
    given.join(', ') || 'no reward',
    ...code,
    duration(durationMs),
  ];
  const lines = [colors.bold(phase > 0 ? `phase ${phase}: ${head.join(' · ')}` : head.join(' · '))];
  if (error) lines.push(colors.red(`  ${error.code} (fault of the ${error.fault}): ${error.message}`));
  for (const sign of integrity) lines.push(colors.red(`  tampering: ${sign}`));
  for (const { name, passed, detail } of checks) {
    const text = `  ${passed ? '✓' : '✗'} ${name}${detail === undefined ? '' : `: ${harmless(detail)}`}`;
    lines.push(passed ? colors.green(text) : colors.red(text));
  }
  for (const line of testReportLines(verdict.ctrf)) lines.push(`  ${harmless(line)}`);
  for (const output of [verdict.stdout, verdict.stderr]) {
    if (output.trim() !== '') lines.push(indent(cut(harmless(output), limit), '  │ '));
  }
  return lines.join('\n');
}

const maxTests = 10;

/** A report in short: how many tests passed, then those that did not. Empty where it is none. */
function testReportLines(ctrf: unknown): string[] {
  const report = readTestReport(ctrf);
  if (!report) return [];
  const { ran, failed } = report;
  const left = failed.length - maxTests;
  return [
    `${ran - failed.length} of ${ran} tests passed`,
    ...failed.slice(0, maxTests),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}
