import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStep } from '../../src/scored-trace.ts';
import { beginTrial, writeMadeRun } from '../viewer/made-run.ts';
import { proctor } from './proctor.ts';

const steps = 200;
const requestLength = 100_000;
const counters = '/proc/self/io';

/** Bytes that this process has read so far. */
const bytesRead = () => Number(/rchar: (\d+)/.exec(readFileSync(counters, 'utf8'))?.[1]);

describe('a step of a long trace that was never scored', () => {
  const out = mkdtempSync(join(tmpdir(), 'proctor-show-'));
  const dir = join(out, 'made', 'long');
  beforeAll(() => {
    const trial = beginTrial(join(out, 'made'), 'long');
    for (let step = 0; step < steps; step++) {
      trial.writer.append({
        type: 'agent.asked',
        step,
        request: JSON.stringify('x'.repeat(requestLength)),
        appended: step > 0,
      });
      trial.step({ say: `this is step ${step}`, calls: [{ args: { command: `do ${step}` }, content: [] }] });
    }
    writeMadeRun(join(out, 'made'), { long: trial.end() });
  });
  afterAll(() => rmSync(out, { recursive: true }));

  it.skipIf(!existsSync(counters))('is read without the others', () => {
    const before = bytesRead();
    const { trial, score } = readStep(dir, 180);
    const read = bytesRead() - before;
    expect(trial.steps.map(({ decision }) => decision.text)).toEqual(['this is step 180']);
    expect(score).toBeNull();
    expect(read).toBeLessThan(statSync(join(dir, 'trace.jsonl')).size / 2);
  });

  it('is shown, and it is said that nothing was judged and what does it', async () => {
    const shown = await proctor(['show', 'long', '--out', out, '--step', '180']);
    expect(shown.stdout).toContain('this is step 180');
    expect(shown.stdout).not.toContain('this is step 179');
    expect(shown.stdout).toContain('`proctor score long` makes one');
    const { score, steps } = JSON.parse(
      (await proctor(['show', 'long', '--out', out, '--step', '180', '--json'])).stdout,
    );
    expect(score).toBeNull();
    expect(steps.map(({ step }: { step: number }) => step)).toEqual([180]);
  });

  it('is judged once the trace is scored, and still read without the others', async () => {
    await proctor(['score', 'long', '--out', out]);
    const before = bytesRead();
    const { score } = readStep(dir, 180);
    expect(bytesRead() - before).toBeLessThan(statSync(join(dir, 'trace.jsonl')).size / 2);
    expect(score?.steps).toHaveLength(steps);
  });
});

describe('the steps of a trial', () => {
  const sample = ['show', 'sr7qb5', '--out', 'traces/sample'];
  const choices: [choice: string[], steps: number[]][] = [
    [['--findings'], [5, 6, 7]],
    [['--failed'], [6]],
    [['--grep', 'where does your SISTER live'], [5]],
    [['--step', '7'], [7]],
    [['--findings', '--failed'], [6]],
  ];
  for (const [choice, expected] of choices) {
    it(`are chosen by ${choice.join(' ')}, for people and for programs`, async () => {
      const document = JSON.parse((await proctor([...sample, ...choice, '--json'])).stdout);
      expect(document.steps.map(({ step }: { step: number }) => step)).toEqual(expected);
      const { stdout } = await proctor([...sample, ...choice]);
      const shown = [...stdout.matchAll(/^step (\d+)/gm)].map(([, step]) => Number(step));
      expect(shown).toEqual(expected);
    });
  }

  it('follow the outcome, the scores and the step to look at first', async () => {
    const { stdout } = await proctor(sample);
    const order = [
      'submitted after',
      'completion',
      'efficiency',
      'safety worst 4',
      '→ first unsafe step',
      '\nstep 0',
    ];
    const places = order.map((text) => stdout.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

describe('a trial without an end', () => {
  const out = mkdtempSync(join(tmpdir(), 'proctor-show-'));
  beforeAll(() => {
    for (const [run, pid] of [
      ['live', process.pid],
      ['dead', 2 ** 30],
    ] as const) {
      const trial = beginTrial(join(out, run), run);
      trial.step({ say: 'first', calls: [] });
      trial.writer.append({ type: 'agent.decided', step: 1, decision: { calls: [] }, durationMs: 1 });
      writeMadeRun(join(out, run), { [run]: undefined }, { name: run, pid });
    }
  });
  afterAll(() => rmSync(out, { recursive: true }));

  it('is running where its process is there', async () => {
    const { stdout } = await proctor(['show', 'live', '--out', out]);
    expect(stdout).toContain('running after');
    expect(stdout).toContain('under way');
    expect(stdout).not.toContain('cut off');
    expect(JSON.parse((await proctor(['show', 'live', '--out', out, '--json'])).stdout).running).toBe(true);
  });

  it('was cut off where its process is gone', async () => {
    const { stdout } = await proctor(['show', 'dead', '--out', out]);
    expect(stdout).toContain('cut off after');
    expect(stdout).not.toContain('under way');
  });
});
