import { several } from '../format.ts';
import type { Style } from '../report/style.ts';
import { table } from '../report/table.ts';
import type { Run } from '../schema/run.ts';
import { type CheckResult, holds, type Proof, proofNames } from './proof.ts';

/** A check as text: a row per task or environment, a column per proof, and what to fix. */
export function checkPage(
  checked: readonly CheckResult[],
  skipped: Run['skipped'],
  style: Style,
  proposes: boolean,
): string {
  const tables = (['environment', 'task'] as const)
    .map((kind) => checked.filter((one) => one.kind === kind))
    .filter((rows) => rows.length > 0)
    .map((rows) => proofTable(rows, style));
  return [
    ...tables,
    ...skipped.map((one) => `${one.task}: skipped: ${one.reason}`),
    ...problems(checked, style),
    ...undeclared(checked, style),
    ...unconfirmed(checked),
    ...(proposes ? proposals(checked) : []),
    verdict(checked),
  ]
    .join('\n')
    .concat('\n');
}

function proofTable(rows: readonly CheckResult[], style: Style): string {
  const proofs = proofNames.filter((name) => rows.some((row) => row.proofs.some((one) => one.name === name)));
  return `${table(
    [
      {
        title: rows[0]?.kind ?? '',
        cell: ({ name, seeds }: CheckResult) =>
          seeds ? `${name}, ${several(seeds.length, 'instance')}` : name,
      },
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

/** What tasks leave undeclared, most of them first. */
function undeclared(checked: readonly CheckResult[], style: Style): string[] {
  const tasks = checked.filter((one) => one.undeclared !== undefined);
  const needs = new Map<string, { kinds: string; tasks: string[] }>();
  for (const { name, undeclared = [] } of tasks)
    for (const { need, kinds } of undeclared) {
      const row = needs.get(need) ?? { kinds: kinds.join(', '), tasks: [] };
      needs.set(need, { ...row, tasks: [...row.tasks, name] });
    }
  if (needs.size === 0) return [];
  const rows = [...needs].sort(([, a], [, b]) => b.tasks.length - a.tasks.length);
  const columns = [
    { title: 'undeclared', cell: ([need]: (typeof rows)[number]) => need },
    { title: 'kinds it could tell', cell: ([, { kinds }]: (typeof rows)[number]) => kinds },
  ];
  const count = {
    title: 'tasks',
    cell: ([, one]: (typeof rows)[number]) => `${one.tasks.length} of ${tasks.length}`,
  };
  return [`${table(tasks.length > 1 ? [...columns, count] : columns, rows, style)}\n`];
}

/** Asks the author to confirm what is guessed of tools; those of one environment are named once. */
function unconfirmed(checked: readonly CheckResult[]): string[] {
  const tools = new Map(checked.map(({ name, toolsToConfirm = [] }) => [toolsToConfirm.join(', '), name]));
  tools.delete('');
  return [...tools].map(
    ([listed, name]) =>
      `${name}: nobody declared what these tools do, in brackets what their names say: ${listed}: confirm it with [tools.NAME] in environment.toml`,
  );
}

const proposals = (checked: readonly CheckResult[]) =>
  checked.flatMap(({ name, contract }) =>
    contract === undefined ? [] : [`# ${name}/proctor.toml`, contract],
  );

function verdict(checked: readonly CheckResult[]): string {
  const failed = checked.filter((one) => !holds(one)).length;
  if (checked.length === 0) return 'nothing was proved';
  return failed === 0 ? `all ${checked.length} hold` : `${failed} of ${checked.length} to be fixed`;
}
