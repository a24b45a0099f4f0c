import { posix } from 'node:path';
import type { Command, Word } from './ast.ts';
import { runBuiltin } from './builtin.ts';
import type { ShellCommand } from './command.ts';
import { type Context, deeper, type Invocation, spend, substitution } from './context.ts';
import { splitFlags } from './flag.ts';
import { hostsOf } from './host.ts';
import { interpret, programText } from './interpreter.ts';
import { runNested } from './nested.ts';
import { literalOutput } from './output.ts';
import { readRedirects } from './redirect.ts';
import { subshellScope } from './scope.ts';
import { touched } from './touch.ts';
import { expandText, expandWord, type Field } from './word.ts';
import { unwrap } from './wrapper.ts';

/** Notes a command and all that it runs in turn; gives what it prints, where that is known. */
export function runCommand(
  node: Command | undefined,
  context: Context,
  given?: Invocation,
): string | undefined {
  if (!spend(context)) return undefined;
  const { stdin, ...invocation } = given
    ? { ...given, stdin: undefined }
    : node
      ? read(node, context)
      : empty;
  const fed = stdin === undefined ? context : { ...context, stdin };
  if (invocation.argv.length === 0 && invocation.redirects.length === 0) return '';
  const output = invoke(invocation, fed);
  return intoFile(output, invocation.redirects, context);
}

const empty = { argv: [], text: '', redirects: [], env: {}, stdin: undefined };

function read(node: Command, context: Context): Invocation & { stdin: string | undefined } {
  const within = substitution(context);
  const env: Record<string, string> = {};
  for (const item of node.prefix) {
    if (item.type !== 'Assignment') continue;
    const values = item.value.type === 'ArrayValue' ? item.value.elements : [item.value];
    const fields = values.map((value) => assigned(value, context));
    env[item.name] = fields.map((f) => f.text).join(' ');
    if (!node.name) assign(item.name, fields, item.append === true, context);
  }
  const words = node.name ? expandWord(node.name, within) : [];
  for (const arg of node.args) {
    if (arg.type === 'Word') words.push(...expandWord(arg, within));
    else if (arg.value.type === 'Word') {
      const value = assigned(arg.value, context);
      words.push({ text: `${arg.name}=${value.text}`, known: value.known });
    }
  }
  const text = context.source.slice(node.pos, node.end);
  return { argv: words, text, env, ...readRedirects(node.redirects, context) };
}

function assigned(value: Word, context: Context): Field {
  return expandText(value, substitution(context));
}

function assign(name: string, fields: Field[], append: boolean, context: Context): void {
  const { variables } = context.scope;
  const known = fields.every((field) => field.known);
  const before = append ? (variables.get(name)?.values.join(' ') ?? '') : '';
  const values = fields.map((field, index) => (index === 0 ? before + field.text : field.text));
  variables.set(name, { values, known });
}

/** Runs an expanded command: notes it, then whatever it wraps, nests or interprets. */
function invoke(invocation: Invocation, context: Context): string | undefined {
  const [first, ...args] = invocation.argv;
  const name = first ? posix.basename(first.text) : ':';
  const texts = args.map((arg) => arg.text);
  const command = describe(name, invocation, context);
  context.commands.push(command);
  const wrapped = unwrap(name, args);
  if (wrapped) {
    const inner = deeper(context, { via: [...context.via, name] });
    const text = wrapped.inner.map((field) => field.text).join(' ');
    return (
      inner &&
      invoke(
        {
          argv: wrapped.inner,
          text,
          redirects: invocation.redirects,
          env: { ...invocation.env, ...wrapped.env },
        },
        inner,
      )
    );
  }
  const body = context.scope.functions.get(name);
  if (body && !context.within.includes(`function ${name}`)) {
    const scope = { ...subshellScope(context.scope), positional: texts };
    const inner = deeper(context, { scope, within: [...context.within, `function ${name}`] });
    return inner?.walk.body(body, inner);
  }
  if (command.code) interpret(name, command.code, context);
  runBuiltin(name, args, context);
  const nested = runNested(name, args, first?.text ?? '', context, invoke);
  return nested.ran ? nested.output : literalOutput(name, texts, inputOf(name, texts, context));
}

/** `cat FILE` of a file this text wrote reads as its content. */
function inputOf(name: string, args: readonly string[], context: Context): string | undefined {
  if (name !== 'cat' || args.length === 0) return context.stdin;
  const contents = args.map((path) => context.scope.files.get(path));
  return contents.every((content) => content !== undefined) ? contents.join('') : undefined;
}

/** Rules match patterns on these; what is longer is cut, so that no text makes judging slow. */
const maxArgumentCharacters = 16_384;
const maxArguments = 1000;
const maxCodeCharacters = 32_768;

function describe(name: string, invocation: Invocation, context: Context): ShellCommand {
  const { argv, redirects, env, text } = invocation;
  const args = argv.slice(1, maxArguments).map((arg) => arg.text.slice(0, maxArgumentCharacters));
  const code = programText(name, args, context).slice(0, maxCodeCharacters);
  const own = touched({ name, args, redirects, cwd: context.scope.cwd });
  return {
    name,
    args,
    ...splitFlags(name, args),
    text,
    redirects,
    env,
    via: [...context.via],
    within: [...context.within],
    piped: context.piped,
    code,
    resolved: argv.length <= maxArguments && argv.every((field) => field.known),
    ...own,
    hosts: hostsOf(name, args, redirects),
  };
}

function intoFile(
  output: string | undefined,
  redirects: Invocation['redirects'],
  context: Context,
): string | undefined {
  const target = redirects.findLast((r) => /^(&?>>?|>\|)$/.test(r.op));
  if (!target) return output;
  const { files } = context.scope;
  const before = target.op.endsWith('>>') ? (files.get(target.path) ?? '') : '';
  if (output === undefined) files.delete(target.path);
  else files.set(target.path, before + output);
  return '';
}
