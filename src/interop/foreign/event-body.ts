import { mapBodies } from '../../schema/event-body.ts';
import type { NewTraceEvent, NewTraceEventOf, TraceEvent } from '../../schema/trace-event.ts';
import type { BodyReader, BodyWriter } from '../../trace/body-store.ts';

/** An event whose bodies are inline, with the long ones put beside the log. */
export function storedEvent(event: NewTraceEvent, bodies: BodyWriter): NewTraceEvent {
  return mapBodies(event, (body, kind) => (typeof body === 'string' ? bodies[kind](body) : body));
}

/** An event as it was before it was written, with all its bodies inline. */
export function inlineEvent<T extends TraceEvent>(event: T, bodies: BodyReader): NewTraceEventOf<T['type']> {
  const { seq: _, at: __, mono: ___, prev: ____, inherited: _____, ...bare } = event as TraceEvent;
  return mapBodies(bare, (body) => bodies.text(body)) as NewTraceEventOf<T['type']>;
}
