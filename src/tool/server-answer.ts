import type { ServerAnswers } from '../schema/environment.ts';
import type { Json, JsonObject } from '../schema/json.ts';

/** What a server is told that it may ask for: only what has an answer, so that one which can do without does. */
export function clientCapabilities({ sampling, elicitation, roots }: ServerAnswers): JsonObject {
  return {
    ...(sampling !== undefined && { sampling: {} }),
    ...(elicitation !== undefined && { elicitation: { form: {} } }),
    ...(roots !== undefined && { roots: {} }),
  };
}

/** The answer that an environment has ready for a server's request; undefined where it has none. The same request gets the same answer. */
export function cannedAnswer(
  method: string,
  params: JsonObject,
  { sampling, elicitation, roots }: ServerAnswers,
): JsonObject | undefined {
  switch (method) {
    case 'sampling/createMessage':
      return sampling === undefined ? undefined : completion(sampling);
    case 'elicitation/create':
      return elicitation === undefined ? undefined : elicited(params, elicitation);
    case 'roots/list':
      return roots && { roots: roots.map((path) => ({ uri: `file://${path}`, name: path })) };
    default:
      return undefined;
  }
}

function completion(text: string): JsonObject {
  return { role: 'assistant', model: 'canned', stopReason: 'endTurn', content: { type: 'text', text } };
}

/** Of the values at hand those that are asked for; declined where one is missing that must be there. */
function elicited(params: JsonObject, elicitation: NonNullable<ServerAnswers['elicitation']>): JsonObject {
  if (typeof elicitation === 'string') return { action: elicitation };
  const { properties, required } = (params.requestedSchema ?? {}) as {
    properties?: JsonObject;
    required?: string[];
  };
  if (properties === undefined || required?.some((name) => !(name in elicitation)))
    return { action: 'decline' };
  const wanted = Object.entries(elicitation).filter(([name]) => name in properties);
  return { action: 'accept', content: Object.fromEntries(wanted) as Json };
}
