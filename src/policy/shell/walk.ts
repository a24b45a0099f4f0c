import {
  type AndOr,
  type CommandNode,
  type FunctionBody,
  type Loop,
  type Script,
  type Statement,
  type ValueLoop,
  visitInside,
} from './ast.ts';
import { unparsed } from './command.ts';
import { type Context, deeper, substitution } from './context.ts';
import { runCommand } from './invoke.ts';
import { readRedirects } from './redirect.ts';
import { subshellScope } from './scope.ts';
import { expandWord } from './word.ts';

/** Walks the statements of a script; gives what they print, where all of it is known. */
export function walkScript(script: Script, context: Context): string | undefined {
  const inner = script.source === undefined ? context : { ...context, source: script.source };
  const output = walkStatements(script.commands, inner);
  if (script.errors?.length) context.commands.push(unparsed(inner.source.slice(0, 1000)));
  return output;
}

/** Walks a list; text that follows is read with what the list assigned. */
function walkStatements(statements: readonly Statement[], context: Context): string | undefined {
  let output: string | undefined = '';
  for (const statement of statements) {
    const inner = statement.background ? standingIn('background', context) : context;
    const printed = walkNode(statement.command, inner);
    output = output === undefined || printed === undefined ? undefined : output + printed;
  }
  return output;
}

function walkNode(node: Statement['command'], context: Context): string | undefined {
  switch (node.type) {
    case 'AndOr':
      return walkAndOr(node, context);
    case 'Pipeline':
      return walkPipeline(
        node.commands,
        node.prefixes.some((p) => p.type === 'Time'),
        context,
      );
    default:
      return walkCommand(node, context);
  }
}

/** What stands behind `&&` alone runs only where all before it succeeded. */
function walkAndOr({ commands, operators }: AndOr, context: Context): string | undefined {
  const printed = commands.map((node, index) => {
    const isGuarded = index > 0 && operators.slice(0, index).every((operator) => operator === '&&');
    return walkNode(node, isGuarded ? standingIn('and', context) : context);
  });
  return printed.every((text) => text !== undefined) ? printed.join('') : undefined;
}

const standingIn = (what: string, context: Context): Context => ({
  ...context,
  within: [...context.within, what],
});

function walkPipeline(nodes: readonly CommandNode[], timed: boolean, context: Context): string | undefined {
  const via = timed ? [...context.via, 'time'] : context.via;
  let output: string | undefined;
  for (const [index, node] of nodes.entries()) {
    const fed = index === 0 ? {} : { piped: true, stdin: output };
    const scope = nodes.length > 1 ? subshellScope(context.scope) : context.scope;
    output = walkCommand(node, { ...context, via, scope, ...fed });
  }
  return output;
}

function walkCommand(node: CommandNode, context: Context): string | undefined {
  switch (node.type) {
    case 'Command':
      return runCommand(node, context);
    case 'Redirected': {
      const { redirects, stdin } = readRedirects(node.redirects, context);
      const plain = redirects.filter((r) => !/^<<|^[<>]&/.test(r.op));
      const fed = stdin === undefined ? context : { ...context, stdin };
      return redirects.length === 0
        ? walkCommand(node.command, fed)
        : walkRedirected(node.command, plain, fed);
    }
    case 'Subshell':
      return walkStatements(node.body.commands, { ...context, scope: subshellScope(context.scope) });
    case 'BraceGroup':
      return walkStatements(node.body.commands, context);
    case 'Function':
      return define(node, context);
    case 'For':
    case 'While':
    case 'ArithmeticFor':
    case 'Select':
      return walkLoop(node, context);
    case 'If':
      return walkChildren(node, standingIn('if', context));
    case 'Case':
    case 'Coproc':
    case 'TestCommand':
    case 'ArithmeticCommand':
      return walkChildren(node, context);
  }
}

function walkRedirected(
  node: CommandNode,
  redirects: { op: string; path: string }[],
  context: Context,
): string | undefined {
  const output = walkCommand(node, context);
  if (redirects.length === 0) return output;
  runCommand(undefined, context, {
    argv: [],
    text: redirects.map((r) => `${r.op} ${r.path}`).join(' '),
    redirects,
    env: {},
  });
  return redirects.some((r) => r.op.includes('>')) ? '' : output;
}

/** Branches and tests: everything in them may run. */
function walkChildren(node: CommandNode, context: Context): undefined {
  visitInside(node, (child) => {
    if (child.type === 'CompoundList') walkStatements(child.commands, context);
    else if (child.type === 'Word') expandWord(child, substitution(context));
    else runCommand(child, context);
  });
}

function define(node: Extract<CommandNode, { type: 'Function' }>, context: Context): string | undefined {
  const name = node.name.value;
  context.scope.functions.set(name, node.body);
  const scope = { ...subshellScope(context.scope), positional: undefined };
  const inner = deeper(context, { scope, within: [...context.within, `function ${name}`], stdin: undefined });
  if (inner) walkBody(node.body, inner);
  return '';
}

/** The body of a function, with its arguments in the context's scope. */
export function walkBody(body: FunctionBody, context: Context): string | undefined {
  return body.type === 'CompoundList' ? walkStatements(body.commands, context) : walkCommand(body, context);
}

/** A list of words is walked value by value up to this many. */
const maxLoopValues = 16;

/** Walks a loop's body, once for each value of a known list of words. */
function walkLoop(loop: Loop, context: Context): string | undefined {
  const kind = isEndless(loop) ? 'endless' : 'loop';
  const inner = { ...context, within: [...context.within, kind] };
  if (loop.type === 'While') walkStatements(loop.clause.commands, inner);
  if (loop.type === 'For' || loop.type === 'Select') return walkValues(loop, inner);
  walkStatements(loop.body.commands, inner);
  return undefined;
}

function walkValues(loop: ValueLoop, context: Context): string | undefined {
  const fields = loop.wordlist
    ? loop.wordlist.flatMap((word) => expandWord(word, substitution(context)))
    : context.scope.positional?.map((text) => ({ text, known: true }));
  const { variables } = context.scope;
  const name = loop.name.value;
  if (!fields?.every((field) => field.known) || fields.length === 0) {
    variables.set(name, { values: [], known: false });
    walkStatements(loop.body.commands, context);
    return undefined;
  }
  let output: string | undefined = '';
  for (const { text } of fields.slice(0, maxLoopValues)) {
    if (context.budget.left <= 0) return undefined;
    variables.set(name, { values: [text], known: true });
    const printed = walkStatements(loop.body.commands, context);
    output = output === undefined || printed === undefined ? undefined : output + printed;
  }
  return output;
}

function isEndless(loop: Loop): boolean {
  if (loop.type === 'ArithmeticFor') return loop.test === undefined && !leaves(loop.body);
  if (loop.type !== 'While') return false;
  const [first, ...rest] = loop.clause.commands;
  const test = first?.command.type === 'Command' ? first.command.name?.value : undefined;
  const always = loop.kind === 'while' ? [':', 'true', '1'] : ['false'];
  return rest.length === 0 && always.includes(test ?? '') && !leaves(loop.body);
}

function leaves(node: Parameters<typeof visitInside>[0]): boolean {
  if (node.type === 'Command' && /^(break|exit|return|kill)$/.test(node.name?.value ?? '')) return true;
  let found = false;
  visitInside(node, (child) => {
    found ||= leaves(child);
  });
  return found;
}
