import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import { scriptedAgent } from '../../src/agent/scripted.ts';
import { untilOwnSecond } from '../../src/replay/own-second.ts';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { engine, engineNote } from '../engine.ts';
import { bash, record, replay, submit, taskOf } from './made.ts';

const docker = () => dockerProvider({ runId: 'test-own-second', poolSize: 0 });
const run = 'env -u PYTHONDONTWRITEBYTECODE python3 -c "import m; print(m.x)"';
const made = () =>
  taskOf({
    scripts: {
      a: [
        bash(`echo 'x = 1' > m.py; ${run}`),
        bash('cat m.py'),
        bash(`echo 'x = 2' > m.py; ${run}`),
        bash(`echo 'x = 3' > m.py; ${run}`),
        submit,
      ],
    },
  });

/** A script that is as slow as a model. */
function slow(): Agent {
  const agent = scriptedAgent('a');
  return {
    ...agent,
    async open(brief, room) {
      const session = await agent.open(brief, room);
      return {
        ...session,
        async decide(view, options) {
          await new Promise((resolve) => setTimeout(resolve, 1100));
          return session.decide(view, options);
        },
      };
    },
  };
}

describe.skipIf(!engine)(`a replay${engineNote}`, () => {
  it('keeps changes of a file in seconds of their own, as its recording had them, so that compiled modules are as old as they were', async () => {
    const recorded = await record(made(), slow(), docker());
    const { trial, bodies } = recorded.recording;
    const shown = trial.steps.flatMap(({ calls }) =>
      calls.map(({ returned }) => returned && JSON.stringify(bodies.content(returned.content))),
    );
    expect(shown[2]).toContain('2');
    expect(shown[3]).toContain('3');
    for (const { verdict, difference } of await replay(recorded, 3))
      expect({ verdict, difference }).toEqual({ verdict: 'identical', difference: undefined });
  });

  it('waits before what changed files alone, and at most until the next second', async () => {
    const recorded = await record(made(), slow(), docker());
    const { trial } = recorded.recording;
    const [changed, , , last] = trial.steps.flatMap(({ calls }) => calls);
    const at = Date.parse(changed?.returned?.at ?? '');
    const wait = (callId: string, now: number) => untilOwnSecond(trial, trial, callId, now);
    expect(wait('1.0', at)).toBe(0);
    expect(wait('2.0', at)).toBeGreaterThan(0);
    expect(wait('2.0', at)).toBeLessThan(1100);
    expect(wait('2.0', at + 1100)).toBe(0);
    expect(wait(last?.callId ?? '', at + 60_000)).toBe(0);
    const inMemory = { ...trial, opened: trial.opened.map(({ imageId: _, ...opened }) => opened) };
    expect(untilOwnSecond(inMemory, trial, '2.0', at)).toBe(0);
  });
});
