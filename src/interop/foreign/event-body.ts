import type { Body } from '../../schema/body.ts';
import type { StoredContent } from '../../schema/content.ts';
import type { NewTraceEvent, NewTraceEventOf, TraceEvent } from '../../schema/trace-event.ts';
import type { BodyReader, BodyWriter } from '../../trace/trace.ts';

/** An event whose bodies are inline, with the long ones put beside the log. */
export function storedEvent(event: NewTraceEvent, bodies: BodyWriter): NewTraceEvent {
  return withBodies(event, {
    text: (body) => (typeof body === 'string' ? bodies.text(body) : body),
    content: (blocks) => blocks.flatMap((block) => (isInline(block) ? bodies.content([block]) : [block])),
  });
}

/** An event as it was before it was written, with all its bodies inline. */
export function inlineEvent<T extends TraceEvent>(event: T, bodies: BodyReader): NewTraceEventOf<T['type']> {
  const { seq: _, at: __, mono: ___, prev: ____, inherited: _____, ...bare } = event as TraceEvent;
  return withBodies(bare, bodies) as NewTraceEventOf<T['type']>;
}

interface BodyChange {
  text(body: Body): Body;
  content(blocks: readonly StoredContent[]): StoredContent[];
}

/** An event with each of its bodies changed. */
function withBodies(event: NewTraceEvent, { text, content }: BodyChange): NewTraceEvent {
  switch (event.type) {
    case 'trial.started': {
      const { instruction, guidance } = event.task;
      const task = {
        ...event.task,
        instruction: text(instruction),
        ...(guidance !== undefined && { guidance: text(guidance) }),
      };
      return { ...event, task, policy: text(event.policy) };
    }
    case 'tools.listed':
      return { ...event, tools: text(event.tools) };
    case 'tool.called':
      return { ...event, arguments: text(event.arguments) };
    case 'tool.returned':
      return {
        ...event,
        content: content(event.content),
        ...(event.structured !== undefined && { structured: text(event.structured) }),
        ...(event.shown && { shown: content(event.shown) }),
      };
    case 'server.notified':
      return { ...event, params: text(event.params) };
    case 'probe.answered':
      return {
        ...event,
        ...(event.value !== undefined && { value: text(event.value) }),
        ...(event.changes !== undefined && { changes: text(event.changes) }),
        ...(event.contents && { contents: mapValues(event.contents, text) }),
      };
    case 'network.attempted':
      return { ...event, ...(event.payload !== undefined && { payload: text(event.payload) }) };
    case 'phase.started':
      return { ...event, instruction: text(event.instruction) };
    case 'artifact.collected':
      return { ...event, ...(event.data !== undefined && { data: text(event.data) }) };
    case 'verifier.returned':
      return {
        ...event,
        stdout: text(event.stdout),
        stderr: text(event.stderr),
        ...(event.ctrf !== undefined && { ctrf: text(event.ctrf) }),
      };
    case 'trial.ended':
      return { ...event, ...(event.answer !== undefined && { answer: text(event.answer) }) };
    default:
      return event;
  }
}

const mapValues = <T>(values: Record<string, T>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

type InlineContent = Parameters<BodyWriter['content']>[0][number];

function isInline(block: StoredContent): block is InlineContent & StoredContent {
  const body = block.type === 'text' ? block.text : block.type === 'other' ? block.json : block.data;
  return typeof body === 'string';
}
