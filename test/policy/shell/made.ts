import { type Command, parseScript, type Word } from '../../../src/policy/shell/ast.ts';
import type { Context } from '../../../src/policy/shell/context.ts';
import { newScope } from '../../../src/policy/shell/scope.ts';
import { walkBody, walkScript } from '../../../src/policy/shell/walk.ts';
import type { Field } from '../../../src/policy/shell/word.ts';

/** A walk that has seen nothing yet. */
export function newContext(changes: Partial<Context> = {}): Context {
  return {
    commands: [],
    scope: newScope(),
    via: [],
    within: [],
    piped: false,
    stdin: undefined,
    source: '',
    depth: 0,
    budget: { left: 1000 },
    walk: {
      text: (text, context) => walkScript(parseScript(text), { ...context, source: text }),
      script: walkScript,
      body: walkBody,
    },
    ...changes,
  };
}

/** Words whose text is known. */
export const known = (...texts: string[]): Field[] => texts.map((text) => ({ text, known: true }));

/** The one simple command of a text. */
export function commandOf(text: string): Command {
  const node = parseScript(text).commands[0]?.command;
  if (node?.type !== 'Command') throw new Error(`expected a simple command, got ${node?.type}`);
  return node;
}

/** The first word after the command's name. */
export function wordOf(text: string): Word {
  const word = commandOf(`x ${text}`).args[0];
  if (word?.type !== 'Word') throw new Error(`expected a word, got ${word?.type}`);
  return word;
}
