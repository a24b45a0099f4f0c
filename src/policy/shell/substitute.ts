import type { ParsedScript } from 'unbash';
import { type Context, deeper } from './context.ts';
import { subshellScope } from './scope.ts';
import type { Substitution } from './word.ts';

/** Walks the scripts inside words, as part of the walk around them. */
export function substitution(context: Context): Substitution {
  const walk = (script: ParsedScript) => {
    const scope = subshellScope(context.scope);
    const inner = deeper(context, { scope, piped: false, stdin: undefined });
    return inner && (readOnly(script, inner) ?? inner.walk.script(script, inner));
  };
  return {
    scope: context.scope,
    output: walk,
    stream(script) {
      const path = `/dev/fd/${63 - context.scope.files.size}`;
      const output = walk(script);
      if (output !== undefined) context.scope.files.set(path, output);
      return path;
    },
  };
}

/** `$(<file)` of a file this text wrote. */
function readOnly(script: ParsedScript, context: Context): string | undefined {
  const [only, ...rest] = script.commands;
  if (rest.length > 0 || only?.command.type !== 'Command' || only.command.name) return undefined;
  const redirect = only.command.redirects[0];
  if (redirect?.type !== 'Redirect' || redirect.operator !== '<' || !redirect.target) return undefined;
  return context.scope.files.get(redirect.target.value);
}
