import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRun } from '../../src/trace/run-file.ts';
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
    await soFar.getByText('submitted', { exact: true }).waitFor();
    await ofRun.page.getByText('1 of 2, 1 running').waitFor();
    await ofRun.page.getByRole('link', { name: /made\/task next/ }).waitFor();
    writeMadeRun(runDir, { one: head, two: next.end() });
    await ofRun.page.getByText('2 of 2').waitFor();
    expect([...ofTrial.troubles, ...ofRun.troubles]).toEqual([]);
  });

  it('is called interrupted where its process is gone, and so is its trial', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const dead = join(viewed.dir, 'dead');
    beginTrial(dead, 'cut', { run: 'dead' });
    const begun = beginTrial(dead, 'begun', { run: 'dead' });
    begun.step(say('the only thing'));
    writeMadeRun(dead, { cut: undefined, begun: undefined }, { name: 'dead', pid });
    const { page } = await viewed.open('#/run/dead');
    await page.getByRole('region', { name: 'Run', exact: true }).getByText('interrupted').waitFor();
    await page.getByRole('navigation', { name: 'All trials' }).getByText('interrupted').first().waitFor();
    await page.goto(new URL('#/trial/dead/cut', page.url()).href);
    await page.getByText('Interrupted: the process that ran it is gone.').waitFor();
    await page.getByText('No step: the trial was interrupted before the agent decided anything.').waitFor();
    await page.goto(new URL('#/trial/dead/begun', page.url()).href);
    await page.getByRole('heading', { name: 'Step 0' }).waitFor();
    await page.getByLabel('Outcome').getByText('interrupted', { exact: true }).waitFor();
  });

  it('says of a trial that waits that it has not started', async () => {
    const waiting = join(viewed.dir, 'waiting');
    beginTrial(waiting, 'first', { run: 'waiting' });
    const made = writeMadeRun(waiting, { first: undefined }, { name: 'waiting' });
    const second = { trial: 'second', dir: 'second', status: 'waiting' as const };
    writeRun(waiting, { ...made, trials: made.trials.flatMap((one) => [one, { ...one, ...second }]) });
    const { page } = await viewed.open('#/trial/waiting/second');
    await page.getByRole('alert').getByText('trial second has not started').waitFor();
  });

  it('says why it ended where it ended before the first step', async () => {
    const runDir = join(viewed.dir, 'early');
    const trial = beginTrial(runDir, 'early', { run: 'early' });
    writeMadeRun(runDir, { early: trial.end({ outcome: 'timed-out', reward: 0 }) }, { name: 'early' });
    const { page } = await viewed.open('#/trial/early/early');
    await page
      .getByText('No step: the trial ended with timed-out before the agent decided anything.')
      .waitFor();
  });
});
