import { denialScript } from '../../policy/denial.ts';
import { shellKey, shellText } from '../../policy/known-tool.ts';
import { shellWord } from '../../sandbox/shell-word.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import type { AnswerChanges, AnsweredCall } from '../dialect/dialect.ts';

/**
 * What becomes of the calls that may not be made: a command is replaced by one that prints why, and fails; any other call is taken out.
 * `left` says whether the program is left any call.
 */
export function refusals(
  calls: readonly AnsweredCall[],
  refused: ReadonlyMap<string, string>,
): AnswerChanges & { left: boolean } {
  const changes = new Map<string, JsonObject | 'removed'>();
  const told: string[] = [];
  for (const call of calls) {
    const reason = refused.get(call.providerId);
    if (reason === undefined) continue;
    const replaced = call.malformed === undefined ? printing(reason, call) : undefined;
    changes.set(call.providerId, replaced ?? 'removed');
    if (!replaced) told.push(`${call.tool} was not called. ${reason}`);
  }
  const left = calls.some(({ providerId }) => changes.get(providerId) !== 'removed');
  return { calls: changes, left, ...(told.length > 0 && { say: told.join('\n') }) };
}

/** The arguments of a shell's call with a command in the place of its own that prints a text; undefined where it is no shell's. */
function printing(text: string, { tool, arguments: args }: AnsweredCall): JsonObject | undefined {
  const key = shellKey(tool, args);
  const own = key === undefined ? undefined : args[key];
  // What an interpreter of another language is given can't be replaced by a command.
  if (key === undefined || (typeof own === 'string' && shellText(tool, args) !== own)) return undefined;
  return { ...args, [key]: inFormOf(own, denialScript(text), key) };
}

/** A script as a text, as an argument vector, or as a list of commands. */
function inFormOf(value: Json | undefined, script: string, key: string): Json {
  // In a shell that stays, `exit` would end it.
  if (typeof value === 'string') return `sh -c ${shellWord(script)}`;
  return key === 'commands' ? [`sh -c ${shellWord(script)}`] : ['sh', '-c', script];
}
