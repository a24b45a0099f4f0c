import type { AndOr, CommandNode, ParsedScript, Statement, SyntaxNode } from 'unbash';
import { forEachChild } from 'unbash';
import { unparsed } from './command.ts';
import { type Context, deeper } from './context.ts';
import { runCommand } from './invoke.ts';
import { walkLoop } from './loop.ts';
import { readRedirects } from './redirect.ts';
import { subshellScope } from './scope.ts';
import { substitution } from './substitute.ts';
import { expandWord } from './word.ts';

/** Walks the statements of a script; gives what they print, where all of it is known. */
export function walkScript(script: ParsedScript, context: Context): string | undefined {
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
      return walkLoop(node, context, walkStatements);
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
function walkChildren(node: SyntaxNode, context: Context): undefined {
  forEachChild(node, (child) => {
    if (child.type === 'CompoundList') walkStatements(child.commands, context);
    else if (child.type === 'Word') expandWord(child, substitution(context));
    else if (child.type === 'Command') runCommand(child, context);
    else walkChildren(child, context);
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
export function walkBody(
  body: Extract<CommandNode, { type: 'Function' }>['body'],
  context: Context,
): string | undefined {
  return body.type === 'CompoundList' ? walkStatements(body.commands, context) : walkCommand(body, context);
}
