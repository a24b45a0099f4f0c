import { type OpenaiParameters, openaiParameters } from '../agent/openai/parameters.ts';
import { ProctorError } from '../errors.ts';

/** Reads `name=value` pairs of `--param`. Throws `bad-flag`. */
export function parametersOf(pairs: readonly string[]): OpenaiParameters {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new ProctorError('bad-flag', `--param ${pair}: expected name=value, such as temperature=0`);
    const value = pair.slice(at + 1);
    return [
      pair.slice(0, at),
      value !== '' && !Number.isNaN(Number(value)) ? Number(value) : booleanOr(value),
    ];
  });
  const parsed = openaiParameters.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const names = Object.keys(openaiParameters.shape).join(', ');
  throw new ProctorError(
    'bad-flag',
    `--param: ${parsed.error.issues[0]?.message ?? 'not a parameter'}; expected ${names}`,
  );
}

const booleanOr = (text: string) => (text === 'true' ? true : text === 'false' ? false : text);
