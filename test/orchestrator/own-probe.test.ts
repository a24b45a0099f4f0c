import { afterEach, describe, expect, it } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { askOwnProbes, type Probe, setOwnProbes } from '../../src/orchestrator/own-probe.ts';
import type { Json } from '../../src/schema/json.ts';
import { fakeSandbox } from './fake-sandbox.ts';
import { decided, made } from './live.ts';

afterEach(() => setOwnProbes([]));

/** A trial in its first step, of which these were asked; each is a probe of its own name. */
async function probed(asks: Record<string, Probe['ask']>, sandbox = fakeSandbox()) {
  setOwnProbes(Object.entries(asks).map(([id, ask]) => ({ id, what: 'Anything.', ask })));
  const trial = await decided(made({ sandbox }), { text: 'First.', calls: [] });
  await askOwnProbes(trial.live, 0);
  return trial;
}

describe('a project’s own probe', () => {
  it('runs commands as the harness and has its answer recorded with the step', async () => {
    const sandbox = fakeSandbox(() => ({ exitCode: 3, stdout: 'a\nb\n' }));
    const { live, of } = await probed({ files: ({ exec, step }) => exec(`ls ${step}`) }, sandbox);
    expect(sandbox.ran).toContain('harness: ls 0');
    expect(of('world.probed')).toMatchObject([{ step: 0, probe: 'files' }]);
    const answer = { exitCode: 3, stdout: 'a\nb\n', stderr: '' };
    expect(live.parts.recorder.trial.steps[0]?.probed).toEqual({ files: { answer } });
  });

  it('that throws, or says what is no JSON or too long, has no answer with the reason, and others are asked all the same', async () => {
    const { live } = await probed({
      throws: () => {
        throw new Error('mine');
      },
      function: () => (() => 1) as unknown as Json,
      long: () => 'x'.repeat(1_000_001),
      last: () => null,
    });
    expect(live.parts.recorder.trial.steps[0]?.probed).toEqual({
      throws: { error: 'mine' },
      function: { error: 'its answer is no JSON value' },
      long: { error: 'its answer is longer than 1000000 characters' },
      last: { answer: null },
    });
  });

  it('is no excuse for a sandbox that is lost', async () => {
    const sandbox = fakeSandbox();
    sandbox.exec = async () => {
      throw new ProctorError('sandbox-lost', 'it is gone');
    };
    await expect(probed({ files: ({ exec }) => exec('ls') }, sandbox)).rejects.toThrow('it is gone');
  });
});
