import type { Body } from '../../schema/body.ts';
import type { StoredContent } from '../../schema/content.ts';
import type { NewTraceEvent } from '../../schema/trace-event.ts';
import type { BodyWriter } from '../../trace/trace.ts';

/** An event whose bodies are inline, with the long ones put beside the log. */
export function storedEvent(event: NewTraceEvent, bodies: BodyWriter): NewTraceEvent {
  const text = (body: Body) => (typeof body === 'string' ? bodies.text(body) : body);
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
        content: storedContent(event.content, bodies),
        ...(event.structured !== undefined && { structured: text(event.structured) }),
        ...(event.shown && { shown: storedContent(event.shown, bodies) }),
      };
    case 'probe.answered':
      return {
        ...event,
        ...(event.value !== undefined && { value: text(event.value) }),
        ...(event.changes !== undefined && { changes: text(event.changes) }),
        ...(event.contents && { contents: mapValues(event.contents, text) }),
      };
    case 'server.notified':
      return { ...event, params: text(event.params) };
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

function storedContent(blocks: readonly StoredContent[], bodies: BodyWriter): StoredContent[] {
  return blocks.flatMap((block) => (isInline(block) ? bodies.content([block]) : [block]));
}

type InlineContent = Parameters<BodyWriter['content']>[0][number];

function isInline(block: StoredContent): block is InlineContent & StoredContent {
  const body = block.type === 'text' ? block.text : block.type === 'other' ? block.json : block.data;
  return typeof body === 'string';
}
