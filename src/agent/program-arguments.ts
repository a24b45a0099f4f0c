import { ProctorError } from '../errors.ts';
import { expandVariable } from '../schema/author-file.ts';
import type { Json, JsonObject } from '../schema/json.ts';

/** What a command line gives agents that are programs of the user's own. */
export interface ProgramSettings {
  /** What their paths are relative to. */
  folder: string;
  arguments: JsonObject;
  /** The arguments as a record may hold them: variables by name, no secrets. */
  recorded: JsonObject;
}

/** The pairs that a record may hold: a secret only as the variable that it is in. */
export const recordedPairs = (pairs: readonly string[]) =>
  pairs.filter((pair) => !/^[^=]*(key|auth|token|secret|passw)/i.test(pair) || pair.includes('${'));

/**
 * Reads `name=value` pairs, each value as JSON where it is some, else as text in which variables of the environment are put in.
 * Throws `bad-flag`, or `bad-file` for a variable that is not set.
 */
export function programSettings(pairs: readonly string[], folder: string): ProgramSettings {
  const given = pairs.map(pairOf);
  return {
    folder,
    arguments: Object.fromEntries(given.map(([name, text]) => [name, expanded(text, `--agent-arg ${name}`)])),
    recorded: Object.fromEntries(
      recordedPairs(pairs)
        .map(pairOf)
        .map(([name, text]) => [name, jsonOr(text)]),
    ),
  };
}

/** What a trace keeps of how such an agent was started, and `programOf` reads again. */
export const recordedProgram = ({ folder, recorded }: ProgramSettings): JsonObject => ({
  program: { folder, arguments: recorded },
});

/** The folder of a recorded agent and its arguments as pairs; undefined where it was no program of the user's own. */
export function programOf(parameters: Json | undefined): { folder: string; pairs: string[] } | undefined {
  const { program } = (parameters ?? {}) as { program?: { folder: string; arguments: JsonObject } };
  if (!program) return undefined;
  return { folder: program.folder, pairs: pairsOf(program.arguments) };
}

/** Arguments as pairs that give them when they are read. */
export const pairsOf = (given: JsonObject): string[] =>
  Object.entries(given).map(
    ([name, value]) =>
      `${name}=${typeof value === 'string' && jsonOr(value) === value ? value : JSON.stringify(value)}`,
  );

function pairOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new ProctorError('bad-flag', `--agent-arg ${pair}: expected name=value, such as tries=3`);
}

function expanded(text: string, where: string): Json {
  const value = jsonOr(text);
  return typeof value === 'string' ? expandVariable(value, where) : value;
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
