import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { category } from '../../src/schema/finding.ts';
import type { NewTraceEvent } from '../../src/schema/trace-event.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { verifyChain } from '../../src/trace/chain.ts';
import { findTraces } from '../../src/trace/find-trace.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { readRun, sealedHead } from '../../src/trace/run-file.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { createView } from '../../src/trace/view.ts';

const run = join(import.meta.dirname, 'fixture', 'v1', 'sample');
const dir = join(run, 'k3m9qx');

describe('the frozen trace of version 1', () => {
  const { events, bodies, torn } = openTrace(dir, { secrets: { API_KEY: 'did gzip 1' } });
  const trial = foldTrial(events, bodies);

  it('is sealed and whole', () => {
    expect(readRun(run).trials.map(({ trial }) => trial)).toEqual(['k3m9qx']);
    expect(verifyChain(dir, sealedHead(dir))).toEqual({
      events: 93,
      sha256: 'fdc3b5ca06846da334f3a5dbd07ac03ea0e4f06f171bc77da018e269ad5154c1',
    });
    expect(torn).toBe(false);
  });

  it('folds to the trial it always was', () => {
    expect(trial.started).toMatchObject({ version: 2, task: { name: 'rotate-logs' }, seed: '5f3a' });
    const facts = trial.steps.map((step) => ({
      step: step.index,
      calls: step.calls.map(({ returned }) => returned?.source),
      changes: step.state?.changes.length,
      finished: step.finished,
    }));
    expect(facts).toEqual([
      { step: 0, calls: ['tool', 'tool'], changes: 0, finished: true },
      { step: 1, calls: ['tool', 'tool'], changes: 0, finished: true },
      { step: 2, calls: ['tool', 'tool'], changes: 0, finished: true },
      { step: 3, calls: ['policy'], changes: 0, finished: true },
      { step: 4, calls: ['tool'], changes: 0, finished: true },
      { step: 5, calls: ['tool', 'tool'], changes: 1, finished: true },
      { step: 6, calls: ['tool', 'tool'], changes: 1, finished: true },
      { step: 7, calls: ['tool'], changes: undefined, finished: false },
    ]);
    expect(trial.outcome).toBe('timed-out');
  });

  it('gives whole bodies, text and binary, and its secret back', () => {
    const whole = bodies.content(trial.steps[4]?.calls[0]?.returned?.content ?? []);
    expect(whole[0]?.type === 'text' && whole[0].text.split('\n').at(-1)).toBe('line 899 🗜');
    const view = createView(() => trial, bodies).at({});
    const [image] = view.steps[7]?.observations[0]?.content ?? [];
    expect(image?.type === 'image' && Buffer.from(image.data, 'base64').length).toBe(5000);
    expect(view.steps[1]?.observations[0]?.content).toEqual([{ type: 'text', text: 'did gzip 1' }]);
    expect(JSON.stringify([...events])).not.toContain('did gzip 1');
  });
});

describe.each(['sample', 'varied'])('the frozen run of version 1 named %s', (name) => {
  const traces = findTraces(join(import.meta.dirname, 'fixture', 'v1', name), '');

  it.each(traces)('gives trial $trial the score it always had, byte by byte', ({ dir: frozen }) => {
    // Two words of a score have changed since, its figures have not.
    const golden = readFileSync(join(frozen, 'score.golden'), 'utf8')
      .replace('"houseMs":', '"overheadMs":')
      .replaceAll('"source":"house"', '"source":"harness"');
    const copied = mkdtempSync(join(tmpdir(), 'proctor-frozen-'));
    cpSync(dirname(frozen), copied, { recursive: true });
    const { score } = scoreTrace(join(copied, basename(frozen)));
    rmSync(copied, { recursive: true });
    // What could be judged of a trial is said since, and grows with every detector.
    const { coverage, ...safety } = score.safety;
    expect(Object.keys(coverage)).toEqual(category.options);
    // So is what it did.
    const { behaviour, ...figures } = score;
    expect(behaviour.terms).toHaveLength(score.steps.flatMap(({ calls }) => calls).length);
    expect(`${JSON.stringify({ ...figures, safety })}\n`).toBe(golden);
  });

  it.each(traces)(
    'verifies the chain of trial $trial over its lines as they were written',
    ({ dir: frozen }) => {
      expect(verifyChain(frozen, sealedHead(frozen))).toEqual(sealedHead(frozen));
    },
  );
});

describe('events of version 1', () => {
  const events = findTraces(join(import.meta.dirname, 'fixture', 'v1', 'varied'), '').flatMap(
    ({ dir: frozen }) => [...openTrace(frozen).events],
  );
  const ofType = (type: NewTraceEvent['type']) => events.filter((event) => event.type === type);

  it('become those of version 2', () => {
    for (const type of ['state.observed', 'milestone.checked', 'canaries.scanned', 'texts.kept'] as const)
      expect(ofType(type).length, type).toBeGreaterThan(0);
    const sources = ofType('tool.returned').map((event) => event.type === 'tool.returned' && event.source);
    expect(new Set(sources)).toEqual(new Set(['tool', 'harness']));
    expect(
      ofType('sandbox.opened').every((event) => event.type === 'sandbox.opened' && event.network === 'none'),
    ).toBe(true);
  });
});
