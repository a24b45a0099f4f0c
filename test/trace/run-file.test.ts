import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/schema/run.ts';
import {
  appendChange,
  newRunId,
  readRun,
  runStamp,
  sealedHead,
  trialIds,
  writeRun,
} from '../../src/trace/run-file.ts';
import { temporaryFolder, writeSample } from './sample.ts';
import { sampleRun } from './sample-run.ts';

describe('run.json', () => {
  it('comes back as it was written, over an older one, with nothing left over', () => {
    const dir = join(temporaryFolder(), 'new');
    writeRun(dir, sampleRun([]));
    const later = { ...sampleRun([]), status: 'done' as const, endedAt: '2026-01-05T10:00:00.000Z' };
    writeRun(dir, later);
    expect(readRun(dir)).toEqual(later);
    expect(readdirSync(dir)).toEqual(['run.json']);
  });

  it('is asked for by name where it is missing', () => {
    const dir = temporaryFolder();
    expect(() => readRun(dir)).toThrow(`${dir}: no run here; expected a run.json`);
  });

  it.each([
    ['is no JSON', '{"run":', /run\.json: expected JSON/],
    ['lacks a field', JSON.stringify({ ...sampleRun([]), pid: undefined }), /run\.json: pid: /],
    ['has an unknown field', JSON.stringify({ ...sampleRun([]), moon: 1 }), /run\.json: root: .*moon/],
  ])('that %s is refused with file and field', (_, text, message) => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'run.json'), text);
    expect(() => readRun(dir)).toThrow(expect.objectContaining({ code: 'bad-file' }));
    expect(() => readRun(dir)).toThrow(message);
  });

  it('is read with what its trials came to since, also where the last line is torn, and holds it when written again', () => {
    const dir = temporaryFolder();
    const waiting = { task: 'rotate-logs', agent: 'oracle', attempt: 1, status: 'waiting' as const };
    const written = {
      ...sampleRun([]),
      trials: ['a1', 'b2'].map((id) => ({ ...waiting, trial: id, dir: id })),
    };
    const [first, second] = written.trials;
    writeRun(dir, written);
    const before = runStamp(dir);
    const ended = {
      ...waiting,
      trial: 'a1',
      dir: 'a1',
      status: 'ended' as const,
      outcome: 'submitted' as const,
    };
    appendChange(dir, { ...ended, status: 'running' });
    appendChange(dir, ended);
    appendChange(dir, { ...waiting, trial: 'a1-1', dir: 'a1-1', retryOf: 'a1' });
    expect(runStamp(dir)).not.toBe(before);
    const now = {
      ...written,
      trials: [ended, second, { ...waiting, trial: 'a1-1', dir: 'a1-1', retryOf: 'a1' }],
    };
    expect(readRun(dir)).toEqual(now);
    appendFileSync(join(dir, 'changes.jsonl'), `{"trial":"${first?.trial}","sta`);
    expect(readRun(dir)).toEqual(now);
    writeRun(dir, now as Run);
    expect(readdirSync(dir)).toEqual(['run.json']);
    expect(readRun(dir)).toEqual(now);
  });

  it('names the line of a change that is none', () => {
    const dir = temporaryFolder();
    writeRun(dir, sampleRun([]));
    writeFileSync(join(dir, 'changes.jsonl'), '{"trial":"a1"}\n{"trial":"b2"}\n');
    expect(() => readRun(dir)).toThrow(/changes\.jsonl:1: task: /);
  });

  it('seals the head of each trace beside it', () => {
    const dir = temporaryFolder();
    const { dir: trialDir, head, log } = writeSample(dir, 'a1');
    const { dir: otherDir } = writeSample(dir, 'b2');
    expect(sealedHead(trialDir)).toBeUndefined();
    writeRun(dir, sampleRun([{ trial: 'a1', dir: 'a1', head }]));
    expect(sealedHead(trialDir)).toEqual(head);
    expect(sealedHead(log)).toEqual(head);
    expect(sealedHead(otherDir)).toBeUndefined();
    writeRun(dir, sampleRun([{ trial: 'b2', dir: 'b2', head }]));
    expect([sealedHead(trialDir), sealedHead(otherDir)]).toEqual([undefined, head]);
  });

  it('cannot be written where there is a file in the way', () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'run.json', 'x'), { recursive: true });
    expect(() => writeRun(dir, sampleRun([]))).toThrow(
      expect.objectContaining({ code: 'trace-write-failed' }),
    );
    expect(readdirSync(dir)).toEqual(['run.json']);
  });
});

describe('ids', () => {
  it('of runs sort by time, in UTC', () => {
    expect(newRunId(new Date('2026-11-24T13:31:05.900Z'))).toMatch(/^20261124-133105-[0-9a-z]{4}$/);
  });

  it('of trials are short and not taken', () => {
    const nextId = trialIds();
    const taken = new Set<string>();
    for (let count = 0; count < 1000; count += 1) taken.add(nextId());
    expect(taken.size).toBe(1000);
    expect([...taken].every((id) => /^[0-9a-z]{6}$/.test(id))).toBe(true);
  });
});
