import { describe, expect, it } from 'vitest';
import { mapBlock } from '../../src/schema/content.ts';
import { mapBodies } from '../../src/schema/event-body.ts';
import type { NewTraceEvent } from '../../src/schema/trace-event.ts';

const marked = (event: NewTraceEvent) => mapBodies(event, (body, kind) => `${kind}(${body})`);

describe('the bodies of events', () => {
  it('are found in fields, lists, records and decisions', () => {
    const returned: NewTraceEvent = {
      type: 'tool.returned',
      step: 0,
      callId: '0.0',
      source: 'tool',
      isError: false,
      content: [
        { type: 'text', text: 'hello' },
        { type: 'image', mimeType: 'image/png', data: 'AAAA' },
        { type: 'other', json: '{}' },
      ],
      structured: '1',
      digest: 'd',
      truncated: false,
      captureCut: false,
      durationMs: 1,
    };
    expect(marked(returned)).toEqual({
      ...returned,
      content: [
        { type: 'text', text: 'text(hello)' },
        { type: 'image', mimeType: 'image/png', data: 'base64(AAAA)' },
        { type: 'other', json: 'text({})' },
      ],
      structured: 'text(1)',
    });
    const observed: NewTraceEvent = {
      type: 'state.observed',
      changed: 1,
      contents: { d1: 'a' },
      durationMs: 1,
    };
    expect(marked(observed)).toEqual({ ...observed, contents: { d1: 'text(a)' } });
    const decision = {
      text: 'I say',
      calls: [{ callId: '0.0', tool: 't', arguments: '{}', providerId: 'p' }],
    };
    expect(marked({ type: 'agent.decided', step: 0, decision, durationMs: 1 })).toMatchObject({
      decision: { text: 'text(I say)', calls: [{ arguments: 'text({})', providerId: 'p' }] },
    });
  });

  it('leave events that have none as they are', () => {
    const event: NewTraceEvent = { type: 'step.finished', step: 1, notice: 'go on' };
    expect(marked(event)).toEqual(event);
  });

  it('are changed in a block by itself', () => {
    expect(mapBlock({ type: 'audio', mimeType: 'audio/wav', data: 'A' }, (body) => `${body}!`)).toEqual({
      type: 'audio',
      mimeType: 'audio/wav',
      data: 'A!',
    });
  });
});
