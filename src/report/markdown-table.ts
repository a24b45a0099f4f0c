import { code, inline } from './markdown-text.ts';
import type { Column } from './table.ts';

/** Rows as a table in Markdown; nothing where there are none. */
export function rowsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const head = columns.map(({ title }) => title);
  const cells = rows.map((row) =>
    columns.map(({ title, cell }) => (title === 'agent' ? code : inline)(cell(row))),
  );
  return markdownTable([head, head.map(() => '---'), ...cells]);
}

export const markdownTable = (rows: readonly (readonly string[])[]) =>
  rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
