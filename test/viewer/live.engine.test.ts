import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserFound, browserNote } from '../browser.ts';
import { beginTrial, type MadeTrial, writeMadeRun } from './made-run.ts';
import { type Viewed, view } from './viewed.ts';

const say = (text: string) => ({
  say: text,
  costUsd: 0.5,
  calls: [{ args: { command: text }, content: [] }],
});

describe.skipIf(!browserFound)(`a run that goes on${browserNote}`, () => {
  let viewed: Viewed;
  let trial: MadeTrial;
  let runDir: string;
  beforeAll(async () => {
    viewed = await view((dir) => {
      runDir = join(dir, 'made');
      trial = beginTrial(runDir, 'one');
      trial.step(say('the first thing'));
      writeMadeRun(runDir, { one: undefined });
    });
  });
  afterAll(() => viewed?.close());

  it('is followed step by step until it ends', async () => {
    const [ofTrial, ofRun] = [await viewed.open('#/trial/made/one'), await viewed.open('#/run/made')];
    const steps = ofTrial.page.getByRole('navigation', { name: 'Steps' });
    await steps.getByText('the first thing').first().waitFor();
    await ofRun.page.getByText('0 of 1, 1 running').waitFor();
    trial.step(say('the second thing'));
    await steps.getByText('the second thing').first().waitFor();
    const soFar = ofTrial.page.getByRole('region', { name: 'Outcome' });
    await soFar.getByText('running', { exact: true }).waitFor();
    await soFar.getByText('$1.00').waitFor();
    await ofRun.page.getByRole('region', { name: 'Run', exact: true }).getByText('$1.00').waitFor();
    const head = trial.end();
    const next = beginTrial(runDir, 'two', { agent: 'next' });
    writeMadeRun(runDir, { one: head, two: undefined });
    await soFar.getByText('submitted').waitFor();
    await ofRun.page.getByText('1 of 2, 1 running').waitFor();
    await ofRun.page.getByRole('link', { name: /made\/task next/ }).waitFor();
    writeMadeRun(runDir, { one: head, two: next.end() });
    await ofRun.page.getByText('2 of 2').waitFor();
    expect([...ofTrial.troubles, ...ofRun.troubles]).toEqual([]);
  });
});
