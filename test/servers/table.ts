import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What came of a server. */
export interface Row {
  name: string;
  command: string;
  flags: string;
  version: string;
  image: string;
  tools: string;
  result: string;
}

const guide = fileURLToPath(new URL('../../environments/README.md', import.meta.url));
const [begin, end] = ['<!-- published servers -->', '<!-- /published servers -->'];
const head =
  '| `npx -y …` | beside it | version | image | tools | `proctor check` |\n|---|---|---|---|---|---|';

/** The rows of the table in the guide, by what they start. */
export function readRows(text = readFileSync(guide, 'utf8')): Map<string, string> {
  const table = text.slice(text.indexOf(begin) + begin.length, text.indexOf(end));
  const rows = table.split('\n').filter((line) => line.startsWith('| `') && !line.startsWith('| `npx -y …`'));
  return new Map(rows.map((row) => [/^\| `([^`]*)`/.exec(row)?.[1] ?? '', row]));
}

/** Puts rows in the place of those of the same servers; `order` are the commands of all. */
export function writeRows(rows: readonly Row[], order: readonly string[]): void {
  const text = readFileSync(guide, 'utf8');
  const all = readRows(text);
  for (const row of rows) all.set(row.command, lineOf(row));
  const lines = order.flatMap((command) => all.get(command) ?? []);
  const table = `${begin}\n${head}\n${lines.join('\n')}\n${end}`;
  writeFileSync(
    guide,
    text.slice(0, text.indexOf(begin)) + table + text.slice(text.indexOf(end) + end.length),
  );
}

const lineOf = ({ command, flags, version, image, tools, result }: Row) =>
  `| \`${command}\` | ${flags && `\`${flags}\``} | ${version} | ${image} | ${tools} | ${result.replaceAll('|', '\\|')} |`;
