import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { longTask } from './long-task.ts';
import { record, reopened, replay } from './made.ts';
import { reseal, tamper } from './reseal.ts';

const isOf = (event: TraceEvent, callId: string) => 'callId' in event && event.callId === callId;

describe('a trace that was edited', () => {
  it('is refused before anything is executed', async () => {
    const { dir } = await record(longTask(), 'long');
    tamper(dir, (text) => text.replace('echo one', 'echo two'));
    expect(() => reopened(dir)).toThrow(/trace\.jsonl:\d+: .*was changed/);
  });

  it('and sealed again is caught by execution, which names step and call', async () => {
    const { dir } = await record(longTask(), 'long');
    for (const { change, at } of edits()) {
      let before: TraceEvent[] = [];
      reseal(dir, (events) => {
        before = events;
        return change(structuredClone(events));
      });
      const [caught] = await replay(reopened(dir));
      expect(caught).toMatchObject({ verdict: 'diverged', difference: at });
      reseal(dir, () => before);
    }
  });
});

/** One argument, one byte of one observation, and one call that is left out of the record. */
function edits() {
  return [
    {
      at: { step: 1, what: 'state' },
      change: (events: TraceEvent[]) =>
        events.map((event) => {
          if (event.type === 'agent.decided' && event.step === 1 && event.decision.calls[0])
            event.decision.calls[0].arguments = JSON.stringify({
              command: 'mkdir notes; echo once > notes/a.txt; export PLACE=notes',
            });
          return event;
        }),
    },
    {
      at: { step: 9, callId: '9.0', what: 'observation' },
      change: (events: TraceEvent[]) =>
        events.map((event) => {
          const [block] = event.type === 'tool.returned' && isOf(event, '9.0') ? event.content : [];
          if (block?.type === 'text') block.text = String(block.text).replace('three', 'thref');
          return event;
        }),
    },
    {
      at: { step: 2, callId: '2.1', what: 'answer' },
      change: (events: TraceEvent[]) =>
        events.filter((event) => !(event.type.startsWith('tool.') && isOf(event, '2.1'))),
    },
  ];
}
