import { describe, expect, it } from 'vitest';
import type { OpenToolbox } from '../../src/orchestrator/plan.ts';
import { recordedToolbox } from '../../src/replay/recorded-toolbox.ts';
import type { Recording } from '../../src/replay/recording.ts';
import { toolEffect } from '../../src/schema/effect.ts';
import type { Json } from '../../src/schema/json.ts';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import type { Toolbox } from '../../src/tool/toolbox.ts';
import { bash, record, reopened, submit, taskOf } from './made.ts';
import { reseal } from './reseal.ts';

/** A replay in which no server made anything up. */
const ids = { inReplay: <T extends Json>(recorded: T) => recorded };

const options = { signal: new AbortController().signal, timeoutMs: 1000 };

/** A recording of two `echo` calls, after a change of its events. */
async function recorded(
  change: (events: TraceEvent[]) => TraceEvent[] = (events) => events,
): Promise<Recording> {
  const { dir } = await record(taskOf({ scripts: { a: [bash('echo 1'), bash('echo 2'), submit] } }), 'a');
  reseal(dir, change);
  return reopened(dir).recording;
}

/** A toolbox that counts the calls that reach its `bash`, which is declared so. */
function live(declared: { replay: 'execute' | 'recorded'; repeatable?: boolean }) {
  const made: string[] = [];
  const toolbox: Toolbox = {
    list: () => [
      {
        name: 'bash',
        server: 'far',
        placement: 'host',
        description: '',
        inputSchema: {},
        declared: toolEffect.parse({ effect: 'write', ...declared }),
      },
    ],
    async call(_, args) {
      made.push(String(args.command));
      return {
        content: [{ type: 'text', text: 'live' }],
        isError: false,
        source: 'tool',
        captureCut: false,
        durationMs: 1,
      };
    },
    state: () => Promise.reject(new Error('no state')),
    close: async () => {},
  };
  return { made, open: (async () => toolbox) as OpenToolbox };
}

const context = { plan: {} } as unknown as Parameters<OpenToolbox>[0];
const lost = (events: TraceEvent[]) =>
  events.filter((event) => !(event.type === 'tool.returned' && event.callId === '1.0'));

describe('a toolbox over a record', () => {
  it('answers from the record where a tool is declared so, and makes every other call again', async () => {
    for (const replay of ['recorded', 'execute'] as const) {
      const { made, open } = live({ replay });
      const toolbox = await recordedToolbox(await recorded(), open, { steps: 2, goesOn: true, ids })(context);
      const answer = await toolbox.call('bash', { command: 'echo 1' }, options);
      expect(answer.source).toBe(replay === 'recorded' ? 'record' : 'tool');
      expect(answer.content[0]).toMatchObject({
        text: expect.stringContaining(replay === 'recorded' ? '1' : 'live'),
      });
      expect(made).toEqual(replay === 'recorded' ? [] : ['echo 1']);
    }
  });

  it('takes a call that the record does not hold for a divergence', async () => {
    const { open } = live({ replay: 'recorded' });
    const toolbox = await recordedToolbox(await recorded(), open, { steps: 2, goesOn: true, ids })(context);
    await expect(toolbox.call('bash', { command: 'echo 7' }, options)).rejects.toMatchObject({
      code: 'diverged',
    });
  });

  it('makes calls past the steps it repeats', async () => {
    const { made, open } = live({ replay: 'recorded' });
    const toolbox = await recordedToolbox(await recorded(), open, { steps: 1, goesOn: true, ids })(context);
    await toolbox.call('bash', { command: 'echo 1' }, options);
    await toolbox.call('bash', { command: 'echo 9' }, options);
    expect(made).toEqual(['echo 9']);
  });

  it('makes a call whose return was lost again only where that is safe', async () => {
    const answers: unknown[] = [];
    for (const declared of [
      { replay: 'recorded' as const },
      { replay: 'recorded' as const, repeatable: true },
      { replay: 'execute' as const },
    ]) {
      const { open } = live(declared);
      const toolbox = await recordedToolbox(await recorded(lost), open, { steps: 2, goesOn: true, ids })(
        context,
      );
      await toolbox.call('bash', { command: 'echo 1' }, options);
      const { errorClass, source } = await toolbox.call('bash', { command: 'echo 2' }, options);
      answers.push([errorClass, source]);
    }
    expect(answers).toEqual([
      ['interrupted', 'harness'],
      [undefined, 'tool'],
      [undefined, 'tool'],
    ]);
  });
});
