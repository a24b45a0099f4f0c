import type { JsonObject } from '../../schema/json.ts';

/** Tools that take shell text, and the argument that holds it. */
const shellTools: Record<string, string> = { bash: 'command' };

/** The shell text of a call; undefined where the tool is no shell or the text is missing. */
export function shellArgument(tool: string, args: JsonObject): string | undefined {
  const name = Object.hasOwn(shellTools, tool) ? shellTools[tool] : undefined;
  const text = name === undefined ? undefined : args[name];
  return typeof text === 'string' ? text : undefined;
}
