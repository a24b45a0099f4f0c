import type { Decision, StoredDecision } from '../schema/decision.ts';
import { hasBigInteger } from '../schema/exact-json.ts';
import type { BodyReader, BodyWriter } from './body-store.ts';

/** A decision with its texts and arguments whole. */
export function resolveDecision(stored: StoredDecision, bodies: BodyReader): Decision {
  const { text, reasoning, native, calls, ...rest } = stored;
  return {
    ...rest,
    ...(text === undefined ? {} : { text: bodies.text(text) }),
    ...(reasoning === undefined ? {} : { reasoning: bodies.text(reasoning) }),
    ...(native === undefined ? {} : { native: bodies.json(native) as NonNullable<Decision['native']> }),
    calls: calls.map((call) => ({
      ...call,
      ...(call.malformed === undefined ? {} : { malformed: bodies.text(call.malformed) }),
      arguments: bodies.json(call.arguments) as Decision['calls'][number]['arguments'],
      ...(hasBigInteger(bodies.text(call.arguments)) && { exact: bodies.text(call.arguments) }),
    })),
  };
}

/** A decision as an event holds it. */
export function storeDecision(decision: Decision, bodies: BodyWriter): StoredDecision {
  const { text, reasoning, native, calls, ...rest } = decision;
  return {
    ...rest,
    ...(text === undefined ? {} : { text: bodies.text(text) }),
    ...(reasoning === undefined ? {} : { reasoning: bodies.text(reasoning) }),
    ...(native === undefined ? {} : { native: bodies.json(native) }),
    calls: calls.map(({ exact, ...call }) => ({
      ...call,
      arguments: exact === undefined ? bodies.json(call.arguments) : bodies.text(exact),
    })),
  };
}
