import type { Context } from './context.ts';
import { resolvePath } from './path.ts';
import type { Field } from './word.ts';

/** Follows the builtins that change what later words mean. */
export function runBuiltin(name: string, args: readonly Field[], context: Context): void {
  const { scope } = context;
  switch (name) {
    case 'cd':
    case 'pushd':
      scope.cwd = folderAfter(args, scope.cwd);
      return;
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
      for (const { text, known } of args) setVariable(text, known, context);
      return;
    case 'set': {
      const at = args.findIndex((arg) => arg.text === '--');
      if (at >= 0) scope.positional = args.slice(at + 1).map((arg) => arg.text);
      return;
    }
    case 'unset':
      for (const { text } of args) scope.variables.delete(text);
      return;
    case 'read':
    case 'mapfile':
    case 'readarray':
      readInto(args, context);
      return;
    case 'printf':
      if (args[0]?.text === '-v' && args[1]) scope.variables.set(args[1].text, { values: [], known: false });
      return;
    case 'tee':
      if (context.stdin !== undefined) for (const { text } of args) scope.files.set(text, context.stdin);
  }
}

function folderAfter(args: readonly Field[], cwd: string): string {
  const target = args.find((arg) => !/^-[LPe@]$/.test(arg.text));
  if (!target) return '~';
  if (!target.known || target.text === '-') return '';
  const path = resolvePath(target.text, cwd);
  return /^[/~]/.test(path) ? path : '';
}

function setVariable(text: string, known: boolean, context: Context): void {
  const [name = '', value] = text.split(/=(.*)/s, 2);
  if (value !== undefined) context.scope.variables.set(name, { values: [value], known });
}

function readInto(args: readonly Field[], context: Context): void {
  const names = args.map((arg) => arg.text).filter((text) => /^[A-Za-z_]\w*$/.test(text));
  const values = context.stdin?.split('\n', 1)[0]?.split(/\s+/);
  for (const [index, name] of names.entries()) {
    const last = index === names.length - 1;
    const value = values && (last ? values.slice(index).join(' ') : values[index]);
    context.scope.variables.set(
      name,
      value === undefined ? { values: [], known: false } : { values: [value], known: true },
    );
  }
}
