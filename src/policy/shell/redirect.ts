import type { Redirection } from './ast.ts';
import { type Context, substitution } from './context.ts';
import { expandParts, expandText } from './word.ts';

/** Redirections with their paths expanded, and what they put on standard input where that is known. */
export function readRedirects(
  redirections: readonly Redirection[],
  context: Context,
): { redirects: { op: string; path: string }[]; stdin: string | undefined } {
  const redirects: { op: string; path: string }[] = [];
  let stdin: string | undefined;
  for (const redirection of redirections) {
    if (redirection.type === 'HereDoc') {
      const { body } = redirection;
      stdin = body.parts ? expandParts(body.parts, substitution(context)).text : body.text;
      continue;
    }
    const path = redirection.target ? expandText(redirection.target, substitution(context)).text : '';
    if (redirection.type === 'HereString') stdin = `${path}\n`;
    else redirects.push({ op: redirection.operator, path });
    if (redirection.operator === '<') stdin = context.scope.files.get(path);
  }
  return { redirects, stdin };
}
