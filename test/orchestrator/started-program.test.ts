import { describe, expect, it } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { recordStarted, watchPrograms } from '../../src/orchestrator/started-program.ts';
import type { WatchedPrograms } from '../../src/sandbox/sandbox.ts';
import { fakeSandbox } from './fake-sandbox.ts';
import { decided, type Made, made } from './live.ts';

const none: WatchedPrograms = { programs: [], more: {}, lost: 0 };

/** A trial in its first step, whose agent's programs are watched as far as its sandbox lets them. */
async function watched(parts: Made) {
  const trial = await decided(made({ agent: { inside: true }, ...parts }), { text: 'First.', calls: [] });
  await watchPrograms(trial.live);
  return trial;
}

describe('the programs that an agent’s program starts', () => {
  it.each([
    [
      'whose kernel refuses',
      { watchPrograms: async () => Promise.reject(new ProctorError('sandbox-failed', 'no BTF')) },
      'no BTF',
    ],
    ['that can’t tell of them', {}, 'the sandbox does not tell which programs are started'],
  ])('are said once not to be seen in a sandbox %s, and the trial goes on', async (_, parts, error) => {
    const trial = await watched({ sandbox: fakeSandbox(undefined, parts) });
    await recordStarted(trial.live, 0);
    await recordStarted(trial.live, 0);
    expect(trial.of('programs.started')).toMatchObject([{ step: 0, lost: 0, error }]);
  });

  it('are recorded each time that they are asked for, and a watch that ends later is said at its step', async () => {
    const answers = [none, undefined];
    const trial = await watched({
      sandbox: fakeSandbox(undefined, {
        watchPrograms: async () => {},
        startedPrograms: async () => answers.shift(),
      }),
    });
    await recordStarted(trial.live, 0);
    await recordStarted(trial.live, 0);
    const told = trial.of('programs.started');
    expect(told.map(({ error }) => error)).toEqual([
      undefined,
      'the programs that were started were not watched',
    ]);
  });

  it('are not asked for where the agent has no program in the sandbox', async () => {
    const trial = await watched({ agent: {} });
    await recordStarted(trial.live, 0);
    expect(trial.of('programs.started')).toEqual([]);
  });
});
