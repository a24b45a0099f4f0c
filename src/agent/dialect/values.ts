import { type JsonObject, parseJsonObject } from '../../schema/json.ts';
import { answeredError } from '../model/endpoint-error.ts';
import type { WireAnswer } from './dialect.ts';
import { isStream, readEvents } from './event-stream.ts';
import { objectIn, textIn } from './field.ts';

/** The objects that an answer is made of: one, or one for each event of its stream; and why it is no answer, where it is none. */
export function valuesIn(answer: WireAnswer): { values: JsonObject[]; problem?: string } {
  const { status, contentType, body } = answer;
  if (status < 200 || status > 299)
    return { values: [], problem: answeredError(status, new Headers(), body).message };
  const isOther = !isStream(answer) && !contentType.includes('json');
  if (isOther && (contentType.includes('html') || !/^\s*\{/.test(body)))
    return { values: [], problem: `expected a stream or JSON, got ${contentType || 'no content type'}` };
  const texts = isStream(answer) ? readEvents(body).map(({ data }) => data) : [body];
  const values: JsonObject[] = [];
  for (const text of texts) {
    if (text.trim() === '[DONE]') continue;
    const value = parseJsonObject(text);
    if (!value) return { values, problem: `the answer holds what is no JSON object: ${text.slice(0, 200)}` };
    values.push(value);
    const error = errorIn(value);
    if (error !== undefined) return { values, problem: error };
  }
  return { values };
}

/** What an error says that came in the place of an answer, or within its stream. */
function errorIn({ error, type, message }: JsonObject): string | undefined {
  if (type === 'error' || (error !== undefined && error !== null && type === undefined)) {
    const said = textIn(error) || textIn(objectIn(error).message) || textIn(message);
    return said || `the answer is an error: ${JSON.stringify(error ?? null).slice(0, 200)}`;
  }
  return undefined;
}
