import { several } from '../../format.ts';
import type { Style } from '../../report/style.ts';
import { type AuditLine, auditNames } from './audit-line.ts';
import type { SuiteAudit } from './audit-suite.ts';

/** An audit as text: a line for each thing that was looked at, its evidence below it. */
export function auditPage({ suite, digest, declared, lines, tasks }: SuiteAudit, style: Style): string {
  const { colors } = style;
  const state = declared ? `, version ${declared.version}, ${declared.state}` : ', without a suite.toml';
  const flaws = lines.filter(({ status }) => status === 'flaw');
  return [
    `${colors.bold(suite)}: ${several(tasks.length, 'task')}${state}, digest ${digest.slice(0, 12)}`,
    '',
    ...lines.flatMap((line) => [
      `${mark(line, style)}  ${auditNames[line.name]}`,
      ...line.evidence.map((text) => colors.dim(`${' '.repeat(width)}    ${text}`)),
    ]),
    '',
    verdict(flaws),
    '',
  ].join('\n');
}

const width = 'not looked at'.length;

function mark({ status }: AuditLine, { colors }: Style): string {
  const text = status.padEnd(width);
  if (status === 'flaw') return colors.red(text);
  return status === 'ok' ? colors.green(text) : colors.dim(text);
}

const verdict = (flaws: readonly AuditLine[]) =>
  flaws.length === 0
    ? 'no flaw was found in what was looked at'
    : `${several(flaws.length, 'flaw')}: ${flaws.map(({ name }) => name).join(', ')}`;
