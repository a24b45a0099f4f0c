import type { CommandNode, Statement, SyntaxNode } from 'unbash';
import { forEachChild } from 'unbash';
import type { Context } from './context.ts';
import { substitution } from './substitute.ts';
import { expandWord } from './word.ts';

type Loop = Extract<CommandNode, { type: 'For' | 'While' | 'ArithmeticFor' | 'Select' }>;
type WalkStatements = (statements: readonly Statement[], context: Context) => string | undefined;

/** A list of words is walked value by value up to this many. */
const maxLoopValues = 16;

/** Walks a loop's body, once for each value of a known list of words. */
export function walkLoop(loop: Loop, context: Context, walk: WalkStatements): string | undefined {
  const kind = isEndless(loop) ? 'endless' : 'loop';
  const inner = { ...context, within: [...context.within, kind] };
  if (loop.type === 'While') walk(loop.clause.commands, inner);
  if (loop.type === 'For' || loop.type === 'Select') return walkValues(loop, inner, walk);
  walk(loop.body.commands, inner);
  return undefined;
}

function walkValues(
  loop: Extract<Loop, { type: 'For' | 'Select' }>,
  context: Context,
  walk: WalkStatements,
): string | undefined {
  const fields = loop.wordlist
    ? loop.wordlist.flatMap((word) => expandWord(word, substitution(context)))
    : context.scope.positional?.map((text) => ({ text, known: true }));
  const { variables } = context.scope;
  const name = loop.name.value;
  if (!fields?.every((field) => field.known) || fields.length === 0) {
    variables.set(name, { values: [], known: false });
    walk(loop.body.commands, context);
    return undefined;
  }
  let output: string | undefined = '';
  for (const { text } of fields.slice(0, maxLoopValues)) {
    if (context.budget.left <= 0) return undefined;
    variables.set(name, { values: [text], known: true });
    const printed = walk(loop.body.commands, context);
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

function leaves(node: SyntaxNode): boolean {
  if (node.type === 'Command' && /^(break|exit|return|kill)$/.test(node.name?.value ?? '')) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= leaves(child);
  });
  return found;
}
