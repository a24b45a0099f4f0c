import { type Context, deeper, type Invocation, walkNested } from './context.ts';
import { skipOptions } from './flag.ts';
import { subshellScope } from './scope.ts';
import { findPaths } from './touch.ts';
import type { Field } from './word.ts';

type Invoke = (invocation: Invocation, context: Context) => string | undefined;
interface Ran {
  ran: boolean;
  output?: string | undefined;
}

const shells = /^(ba|da|z|k|a|fi|mk|r?ba)?sh$/;
const notRun: Ran = { ran: false };

/** Walks the shell texts and commands that a command runs in turn. `typed` is its first word as given. */
export function runNested(
  name: string,
  args: readonly Field[],
  typed: string,
  context: Context,
  invoke: Invoke,
): Ran {
  const texts = args.map((arg) => arg.text);
  if (shells.test(name)) return runShell(name, texts, context);
  switch (name) {
    case 'eval':
      return { ran: true, output: walkNested(texts.join(' '), name, context, { stdin: context.stdin }) };
    case 'source':
    case '.':
      return runFile(name, texts[0], texts.slice(1), context, context.scope);
    case 'trap':
      return texts.length > 1 ? runText(name, texts[0], context) : notRun;
    case 'su':
    case 'runuser':
    case 'script':
    case 'flock':
    case 'watch':
      return runText(
        name,
        texts[texts.findIndex((text) => /^-[a-z]*c$|^--command$/.test(text)) + 1 || -1],
        context,
      );
    case 'env':
      return runText(name, splitString(texts), context);
    case 'at':
    case 'batch':
      return runText(name, context.stdin, context);
    case 'xargs':
      return runXargs(args, context, invoke);
    case 'find':
    case 'fd':
      return runFind(args, context, invoke);
    default:
      return typed.includes('/')
        ? runFile(name, typed, texts, context, subshellScope(context.scope))
        : notRun;
  }
}

function runText(by: string, text: string | undefined, context: Context): Ran {
  if (!text) return notRun;
  const scope = subshellScope(context.scope);
  return { ran: true, output: walkNested(text, by, context, { scope }) };
}

function splitString(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => /^(-S|--split-string)/.test(arg));
  if (at < 0) return undefined;
  const joined = args[at]?.replace(/^(-S|--split-string=?)/, '');
  return joined || args[at + 1];
}

function runShell(name: string, args: readonly string[], context: Context): Ran {
  const scope = subshellScope(context.scope);
  const command = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  if (command >= 0) {
    const at = command + 1 + skipOptions(args.slice(command + 1), new Set(['-o']));
    const text = args[at];
    if (text === undefined) return notRun;
    const inner = { ...scope, positional: args.slice(at + 2) };
    return { ran: true, output: walkNested(text, name, context, { scope: inner, stdin: context.stdin }) };
  }
  const at = skipOptions(args, new Set(['-o', '--rcfile', '--init-file']));
  const script = args.some((arg) => /^-[a-z]*s$/.test(arg)) ? undefined : args[at];
  if (script !== undefined && script !== '-' && script !== '/dev/stdin') {
    return runFile(name, script, args.slice(at + 1), context, scope);
  }
  if (context.stdin === undefined) return notRun;
  return { ran: true, output: walkNested(context.stdin, name, context, { scope }) };
}

function runFile(
  by: string,
  path: string | undefined,
  positional: string[],
  context: Context,
  scope: Context['scope'],
): Ran {
  const { files } = context.scope;
  const text = path === undefined ? undefined : (files.get(path) ?? files.get(path.replace(/^\.\//, '')));
  if (text === undefined) return notRun;
  const inner = positional.length > 0 ? { ...scope, positional } : scope;
  return { ran: true, output: walkNested(text, by, context, { scope: inner }) };
}

const xargsValues = new Set('-I -n -P -L -d -a -s -E --max-args --max-procs --delimiter'.split(' '));

function runXargs(args: readonly Field[], context: Context, invoke: Invoke): Ran {
  const texts = args.map((arg) => arg.text);
  const at = skipOptions(texts, xargsValues);
  const command = args.slice(at);
  const inner = deeper(context, { via: [...context.via, 'xargs'], stdin: undefined });
  if (command.length === 0 || !inner) return notRun;
  const items: Field[] = (context.stdin?.split(/[\s\0]+/) ?? [])
    .filter((item) => item !== '')
    .slice(0, 200)
    .map((text) => ({ text, known: true }));
  const options = texts.slice(0, at);
  const flag = options.findIndex((text) => text.startsWith('-I') || text === '-i');
  const mark =
    flag < 0 ? undefined : options[flag]?.slice(2) || (options[flag] === '-i' ? '{}' : options[flag + 1]);
  const argv = mark ? replaceMark(command, mark, items) : [...command, ...items];
  const known = context.stdin !== undefined;
  return { ran: true, output: invoke(made(argv.map((f) => ({ ...f, known: f.known && known }))), inner) };
}

function replaceMark(command: readonly Field[], mark: string, items: readonly Field[]): Field[] {
  return command.flatMap((field) =>
    items.length > 0 && field.text.includes(mark)
      ? items.map(({ text }) => ({ ...field, text: field.text.replaceAll(mark, () => text) }))
      : [field],
  );
}

function runFind(args: readonly Field[], context: Context, invoke: Invoke): Ran {
  const texts = args.map((arg) => arg.text);
  const found = findPaths(texts);
  for (const [at, text] of texts.entries()) {
    if (!/^(-exec|-execdir|-ok|-okdir|-x|-X|--exec)$/.test(text)) continue;
    const rest = args.slice(at + 1);
    const end = rest.findIndex((arg) => arg.text === ';' || arg.text === '+');
    const argv = replaceMark(
      end < 0 ? rest : rest.slice(0, end),
      '{}',
      found.map((path) => ({ text: path, known: true })),
    );
    const inner = deeper(context, { via: [...context.via, 'find'], stdin: undefined });
    if (inner && argv.length > 0) invoke(made(argv), inner);
  }
  return { ran: true };
}

function made(argv: Field[]): Invocation {
  return { argv, text: argv.map((field) => field.text).join(' '), redirects: [], env: {} };
}
