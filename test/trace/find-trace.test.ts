import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run, RunKind } from '../../src/schema/run.ts';
import { findTrace, findTraces } from '../../src/trace/find-trace.ts';
import { writeRun } from '../../src/trace/run-file.ts';
import { temporaryFolder } from './sample.ts';
import { sampleRun } from './sample-run.ts';

const traces = temporaryFolder();
const older = '20260101-090000-aaaa';
const newer = '20260102-090000-bbbb';

function trace(run: string, folder: string, written: number): void {
  const dir = join(traces, run, folder);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'trace.jsonl'), '');
  utimesSync(join(dir, 'trace.jsonl'), written, written);
}

trace(older, 'k3m9qx', 1000);
trace(newer, 'k3zzzz', 3000);
trace(newer, 'p7t2aa', 2000);
mkdirSync(join(traces, newer, 'bodies'));
mkdirSync(join(traces, 'not-a-run'));
writeRun(join(traces, newer), sampleRun([{ trial: 'named1', dir: 'p7t2aa' }]));

const trial = (reference: string) => findTrace(reference, traces).trial;
const trials = (reference: string) => findTraces(reference, traces).map((found) => found.trial);

describe('finding a trace', () => {
  it('by a path of its folder or its log', () => {
    const dir = join(traces, older, 'k3m9qx');
    expect(findTrace(dir, traces)).toEqual({ run: older, trial: 'k3m9qx', dir });
    expect(findTrace(join(dir, 'trace.jsonl'), '/nowhere').dir).toBe(dir);
  });

  it('by its id or a beginning that only it has', () => {
    expect(trial('k3m9qx')).toBe('k3m9qx');
    expect(trial('k3m')).toBe('k3m9qx');
  });

  it('by the id that its run gives it, where its folder is called otherwise', () => {
    expect(findTrace('named1', traces).dir).toBe(join(traces, newer, 'p7t2aa'));
  });

  it('by its run, where it is the only one in it', () => {
    expect(trial(older)).toBe('k3m9qx');
    expect(trial('20260101')).toBe('k3m9qx');
    expect(trials(newer)).toEqual(['k3zzzz', 'named1']);
    expect(trials(join(traces, newer))).toEqual(['k3zzzz', 'named1']);
  });

  it('by being the last', () => {
    expect(trial('last')).toBe('k3zzzz');
    expect(trials('last')).toEqual(['k3zzzz', 'named1']);
  });

  it('lists the candidates where there are several', () => {
    expect(() => trial('k3')).toThrow(`"k3" could be any of k3m9qx (${older}), k3zzzz (${newer})`);
    expect(() => trial(newer)).toThrow(/k3zzzz .*, named1/);
    expect(() => trials('2026010')).toThrow(`${older}, ${newer}`);
    expect(() => trial('k3')).toThrow(expect.objectContaining({ code: 'bad-flag' }));
  });

  it('names the nearest where there is none', () => {
    expect(() => trial('p8m9qx')).toThrow(/no trace "p8m9qx" in .*; did you mean "k3m9qx"/);
    expect(() => trial('k3m9qxx')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => findTrace('x', join(traces, 'not-a-run'))).toThrow(/there are no traces yet/);
    expect(() => findTrace('last', join(traces, 'not-a-run'))).toThrow(/there are no traces yet/);
    expect(() => findTrace(join(traces, 'not-a-run'), traces)).toThrow(/no trace here/);
  });
});

describe('the last run', () => {
  const runOf = (
    dir: string,
    name: string,
    day: number,
    more: { kind?: RunKind; options?: Run['config']['options'] },
  ) => {
    const made = sampleRun([{ trial: name, dir: name }]);
    mkdirSync(join(dir, name, name), { recursive: true });
    writeFileSync(join(dir, name, name, 'trace.jsonl'), '');
    const { kind, options = {} } = more;
    const startedAt = `2026-01-0${day}T00:00:00.000Z`;
    writeRun(join(dir, name), {
      ...made,
      run: name,
      startedAt,
      ...(kind && { kind }),
      config: { ...made.config, options },
    });
  };

  it('is one of trials, and no replay, stop or probe that came later', () => {
    const dir = temporaryFolder();
    runOf(dir, 'd-trials', 1, { kind: 'trials' });
    runOf(dir, 'a-trials', 2, { kind: 'trials' });
    for (const kind of ['replay', 'stop', 'bisect', 'check'] as const) runOf(dir, kind, 3, { kind });
    expect(findTraces('last', dir).map(({ run }) => run)).toEqual(['a-trials']);
  });

  it('is told by the options of a run where an older version wrote its file', () => {
    const dir = temporaryFolder();
    runOf(dir, 'fork', 1, { options: { parent: 'r/t', step: 3, edits: [] } });
    runOf(dir, 'replay', 2, { options: { parent: 'r/t' } });
    runOf(dir, 'stop', 3, { options: { parent: 'r/t', steps: 4 } });
    expect(findTrace('last', dir).trial).toBe('fork');
  });

  it('is none where there are only others', () => {
    const dir = temporaryFolder();
    runOf(dir, 'replay', 1, { kind: 'replay' });
    expect(() => findTrace('last', dir)).toThrow(`${dir}: there are only replays; name one by its id`);
  });

  it('is found, and others are, beside a run whose file is broken', () => {
    const dir = temporaryFolder();
    runOf(dir, 'good', 1, { kind: 'trials' });
    runOf(dir, 'broken', 2, { kind: 'replay' });
    writeFileSync(join(dir, 'broken', 'run.json'), '{"version":');
    expect(findTrace('good', dir).trial).toBe('good');
    expect(findTrace('broken', dir).trial).toBe('broken');
  });
});
