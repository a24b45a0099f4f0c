import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTrace } from '../../src/trace/trace-file.ts';
import { temporaryFolder } from '../folder.ts';
import { beginTrial } from '../viewer/made-run.ts';

const steps = 400;

function longTrace(): string {
  const dir = temporaryFolder();
  const trial = beginTrial(dir, 'long');
  for (let step = 0; step < steps; step++) {
    const text = `${step}`.repeat((step % 7) * 300);
    trial.step({ say: `step ${step}`, calls: [{ args: { step }, content: [{ type: 'text', text }] }] });
  }
  trial.end();
  return join(dir, 'long');
}

describe('reading around a step', () => {
  const stepsIn = (dir: string, step: number) =>
    openTrace(dir)
      .step(step)
      .map((event) => ('step' in event ? event.step : event.type));

  it('gives the step with what comes before the first and after the last', () => {
    const dir = longTrace();
    for (const step of [0, 1, 199, steps - 1]) {
      expect(stepsIn(dir, step)).toEqual([
        'trial.started',
        'tools.listed',
        ...Array.from({ length: 5 }, () => step),
        'trial.ended',
      ]);
    }
    expect(stepsIn(dir, steps)).toEqual(['trial.started', 'tools.listed', 'trial.ended']);
  });

  it('gives probes that were answered while the next decision was awaited', () => {
    const dir = temporaryFolder();
    const trial = beginTrial(dir, 'one');
    const ask = (step: number) =>
      trial.writer.append({ type: 'agent.asked', step, request: '[]', appended: step > 0 });
    const decide = (step: number) =>
      trial.writer.append({ type: 'agent.decided', step, decision: { calls: [] }, durationMs: 1 });
    const probe = (step: number) =>
      trial.writer.append({ type: 'state.observed', step, changed: 0, durationMs: 1 });
    ask(0);
    for (let step = 0; step < 50; step++) {
      decide(step);
      ask(step + 1);
      probe(step);
      trial.writer.append({ type: 'step.finished', step });
    }
    trial.end();
    for (const step of [0, 1, 24, 49]) {
      const own = openTrace(join(dir, 'one'))
        .step(step)
        .filter((event) => 'step' in event && event.step === step);
      expect(own.map(({ type }) => type)).toEqual([
        'agent.asked',
        'agent.decided',
        'state.observed',
        'step.finished',
      ]);
    }
  });

  it('does not read the others', () => {
    const dir = longTrace();
    const log = join(dir, 'trace.jsonl');
    const file = openSync(log, 'r+');
    writeSync(file, 'this is no event', Math.floor(statSync(log).size / 4));
    closeSync(file);
    expect(stepsIn(dir, 300)).toContain(300);
  });
});
