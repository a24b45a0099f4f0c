import type { DecidedCall } from '../../schema/decision.ts';
import { exactJson, hasBigInteger, markBigInteger, parseExactly } from '../../schema/exact-json.ts';
import { type JsonObject, parseJsonObject } from '../../schema/json.ts';

/** Arguments that a model wrote; `change` makes of them, and of them with their big integers marked, what the tool knows. */
export function readArguments(
  text: string,
  change: (args: JsonObject) => JsonObject = (args) => args,
): Pick<DecidedCall, 'arguments' | 'malformed' | 'exact'> {
  const args = argumentsOf(text);
  if (!args) return { arguments: {}, malformed: text };
  const exact = hasBigInteger(text) && exactJson(change(parseExactly(text, markBigInteger) as JsonObject));
  return { arguments: change(args), ...(exact !== false && { exact }) };
}

/** The arguments that a text is; none where it is empty or null, and those of a JSON text in a JSON text. */
function argumentsOf(text: string): JsonObject | undefined {
  const written = text.trim();
  if (written === '' || written === 'null') return {};
  if (!written.startsWith('"')) return parseJsonObject(written);
  try {
    return parseJsonObject(JSON.parse(written));
  } catch {
    return undefined;
  }
}
