import { codeEffect } from './code.ts';
import { type Context, walkNested } from './context.ts';

const databases = /^(sqlite3|psql|mysql|mariadb|duckdb)$/;

const interpreters: [name: RegExp, code: RegExp][] = [
  [/^(python|pypy)[\d.]*$/, /^-[A-Za-z]*c$/],
  [/^(perl|ruby)[\d.]*$/, /^-[A-Za-z0-9]*[eE]$/],
  [/^(node|nodejs|bun|deno)$/, /^(-[a-z]*[ep]|--eval|--print|eval)$/],
  [/^php[\d.]*$/, /^-r$/],
  [/^lua[\d.]*$/, /^-e$/],
];

/** The program an interpreter is given as an argument, on known input or in a file this text wrote; else empty. */
export function programText(name: string, args: readonly string[], context: Context): string {
  if (/^[gm]?awk$/.test(name)) return args.find((arg) => arg.includes('{')) ?? '';
  if (databases.test(name))
    return [...args.filter((arg) => /\s|;/.test(arg)), context.stdin ?? ''].join('\n').trim();
  const flag = interpreters.find(([program]) => program.test(name))?.[1];
  if (!flag) return '';
  const at = args.findIndex((arg) => flag.test(arg));
  if (at >= 0) return args[at + 1] ?? '';
  const script = args.find((arg) => !arg.startsWith('-'));
  if (script === undefined) return context.stdin ?? '';
  return context.scope.files.get(script) ?? '';
}

/** Adds what the literals of a program text read, write and contact to its command, and walks the shell texts it runs. */
export function interpret(name: string, code: string, context: Context): void {
  const command = context.commands.at(-1);
  if (!command || databases.test(name)) return;
  const { shell, ...effect } = codeEffect(code);
  if (!/^[gm]?awk$/.test(name)) {
    command.reads.push(...effect.reads);
    command.writes.push(...effect.writes);
    command.deletes.push(...effect.deletes);
    command.hosts.push(...effect.hosts.filter((host) => !/^(localhost|127\.|0\.0\.0\.0)/.test(host)));
  }
  for (const text of shell) walkNested(text, name, context);
}
