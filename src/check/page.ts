import type { Style } from '../report/style.ts';
import { table } from '../report/table.ts';
import type { Run } from '../schema/run.ts';
import { type CheckResult, holds, type Proof, proofNames } from './proof.ts';

/** A check as text: a row per task or environment, a column per proof, and what to fix. */
export function checkPage(checked: readonly CheckResult[], skipped: Run['skipped'], style: Style): string {
  const tables = (['environment', 'task'] as const)
    .map((kind) => checked.filter((one) => one.kind === kind))
    .filter((rows) => rows.length > 0)
    .map((rows) => proofTable(rows, style));
  return [
    ...tables,
    ...skipped.map((one) => `${one.task}: skipped: ${one.reason}`),
    ...problems(checked, style),
    verdict(checked),
  ]
    .join('\n')
    .concat('\n');
}

function proofTable(rows: readonly CheckResult[], style: Style): string {
  const proofs = proofNames.filter((name) => rows.some((row) => row.proofs.some((one) => one.name === name)));
  return `${table(
    [
      { title: rows[0]?.kind ?? '', cell: (row: CheckResult) => row.name },
      ...proofs.map((name) => ({
        title: name,
        cell: (row: CheckResult) =>
          mark(
            row.proofs.find((one) => one.name === name),
            style,
          ),
      })),
    ],
    rows,
    style,
  )}\n`;
}

function mark(proof: Proof | undefined, { colors }: Style): string {
  if (proof?.status === 'passed') return colors.green('ok');
  return proof?.status === 'failed' ? colors.red('FAILED') : colors.dim('–');
}

function problems(checked: readonly CheckResult[], { colors }: Style): string[] {
  return checked
    .filter((one) => !holds(one))
    .flatMap((one) => [
      colors.bold(one.name),
      ...one.proofs.flatMap(({ name, problems }) => problems.map((line) => `  ${name}: ${line}`)),
    ]);
}

function verdict(checked: readonly CheckResult[]): string {
  const failed = checked.filter((one) => !holds(one)).length;
  if (checked.length === 0) return 'nothing was proved';
  return failed === 0 ? `all ${checked.length} hold` : `${failed} of ${checked.length} to be fixed`;
}
