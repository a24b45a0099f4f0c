import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTrials, selectTrials } from '../src/index.ts';
import { kindOf } from '../src/schema/run.ts';
import { readRun } from '../src/trace/run-file.ts';
import { temporaryFolder } from './folder.ts';

describe('the library', () => {
  it('selects and runs trials by names alone, and records how they were asked for', async () => {
    const dir = join(temporaryFolder(), 'mine');
    const selection = await selectTrials({
      paths: ['quickstart/damaged-mug'],
      agents: ['oracle', 'nop'],
      attempts: 2,
      sandbox: 'embedded',
    });
    const { run, traceOf } = await runTrials({ ...selection, dir, seed: '7', limits: { steps: 9 } });
    expect(run).toEqual(readRun(dir));
    expect(run).toMatchObject({
      run: selection.run,
      status: 'done',
      config: {
        agents: ['oracle', 'nop'],
        attempts: 2,
        seed: '7',
        sandbox: 'embedded',
        limits: { steps: 9 },
      },
    });
    expect(kindOf(run)).toBe('trials');
    expect(run.config.tasks.map(({ name }) => name)).toEqual(['quickstart/damaged-mug']);
    expect(run.trials.map(({ outcome }) => outcome)).toEqual(Array(4).fill('submitted'));
    for (const { trial } of run.trials) expect(existsSync(join(traceOf(trial), 'trace.jsonl'))).toBe(true);
  });

  it('says which task or agent it does not know', async () => {
    const select = (path: string, agent: string) => selectTrials({ paths: [path], agents: [agent] });
    await expect(select('quickstart/none', 'oracle')).rejects.toMatchObject({ code: 'not-found' });
    await expect(select('quickstart', 'gpt')).rejects.toMatchObject({ code: 'bad-flag' });
  });
});
