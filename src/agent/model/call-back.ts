import type { DecidedCall } from '../../schema/decision.ts';
import { markBigInteger, parseExactly } from '../../schema/exact-json.ts';
import type { JsonObject } from '../../schema/json.ts';
import type { WireTools } from './wire-tools.ts';

/** The provider's own id of a call, or one made of its place where the provider gave none or the same one again, or one that is not `accepted`. */
export function uniqueIds(accepted = /^/): (call: DecidedCall) => string {
  const ids = new Map<DecidedCall, string>();
  const used = new Set<string>();
  return (call) => {
    const known = ids.get(call);
    if (known !== undefined) return known;
    let id = call.providerId ?? placeId(call);
    if (used.has(id) || !accepted.test(id)) id = placeId(call);
    while (used.has(id)) id += '_';
    used.add(id);
    ids.set(call, id);
    return id;
  };
}

const placeId = ({ callId }: DecidedCall) => `call_${callId.replace('.', '_')}`;

/** A call's arguments as they go back to an endpoint, their big integers marked. Many servers fail on what is no JSON. */
export function wireArguments(
  { tool, arguments: args, malformed, exact }: DecidedCall,
  tools: WireTools,
): JsonObject {
  if (malformed !== undefined) return { malformed };
  const whole = exact === undefined ? args : (parseExactly(exact, markBigInteger) as JsonObject);
  return tools.toWire(tool, whole);
}
