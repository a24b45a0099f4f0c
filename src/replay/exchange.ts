import type { RecordedExchange } from '../agent/agent.ts';
import type { JsonObject } from '../schema/json.ts';
import type { TraceEvent } from '../schema/trace-event.ts';
import type { BodyReader } from '../trace/body-store.ts';

/** The model calls that a program made for itself, whole, in the order in which they were answered. */
export function exchangesOf(events: Iterable<TraceEvent>, bodies: BodyReader): RecordedExchange[] {
  const asked = new Map<string, JsonObject>();
  const exchanges: RecordedExchange[] = [];
  for (const event of events) {
    if (event.type === 'agent.asked' && event.conversation !== undefined) {
      const part = bodies.json(event.request) as JsonObject;
      const before = event.appended ? asked.get(event.conversation) : undefined;
      asked.set(event.conversation, before ? appended(before, part) : part);
    } else if (event.type === 'agent.answered') {
      const { conversation, path, status, contentType } = event;
      const request = asked.get(conversation) ?? {};
      const answer = { status, contentType, body: bodies.text(event.answer) };
      exchanges.push({ conversation, path, request, answer });
    }
  }
  return exchanges;
}

/** A request with what was added to its lists. */
function appended(before: JsonObject, part: JsonObject): JsonObject {
  const lists = Object.entries(part).map(([name, added]) => {
    const old = before[name];
    return [name, Array.isArray(old) && Array.isArray(added) ? [...old, ...added] : added];
  });
  return { ...before, ...Object.fromEntries(lists) };
}
