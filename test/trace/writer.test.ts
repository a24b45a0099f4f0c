import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NewTraceEvent } from '../../src/schema/trace-event.ts';
import { sha256 } from '../../src/trace/digest.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { openWriter, temporaryFolder, writeSample } from './sample.ts';
import { trialStarted } from './sample-events.ts';

const run = temporaryFolder();

describe('the trace writer', () => {
  it('numbers events without gaps and chains each line to the one before', () => {
    const { bytes } = writeSample(run, 'chained');
    const lines = bytes.toString().trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index));
    expect(events.map(({ prev }) => prev)).toEqual(['', ...lines.slice(0, -1).map(sha256)]);
    expect(events.map(({ mono }) => mono)).toEqual(events.map(({ mono }) => mono).toSorted((a, b) => a - b));
  });

  it('seals the digest of the last line and the number of lines', () => {
    const { bytes, head } = writeSample(run, 'sealed');
    const lines = bytes.toString().trimEnd().split('\n');
    expect(head).toEqual({ sha256: sha256(lines.at(-1) ?? ''), events: lines.length });
  });

  it('has an event on disk, as it returned it, before append returns', () => {
    const writer = openWriter(run, 'at-once', { now: () => new Date('2026-02-03T04:05:06.007Z') });
    const event = writer.append(trialStarted(writer, 'at-once'));
    const line = readFileSync(join(writer.dir, 'trace.jsonl'), 'utf8');
    expect(JSON.parse(line)).toEqual(event);
    expect(event.at).toBe('2026-02-03T04:05:06.007Z');
  });

  it('marks events as inherited for as long as the caller says so', () => {
    let inherited = true;
    const writer = openWriter(run, 'inherits', { inherited: () => inherited });
    writer.append(trialStarted(writer, 'inherits'));
    writer.append({ type: 'step.finished', step: 0 });
    inherited = false;
    writer.append({ type: 'step.finished', step: 1 });
    const marks = [...openTrace(writer.dir).events].map((event) => event.inherited);
    expect(marks).toEqual([true, true, undefined]);
  });

  it('refuses an event that does not fit the schema, names the field, and goes on', () => {
    const writer = openWriter(run, 'refuses');
    writer.append(trialStarted(writer, 'refuses'));
    const bad = { type: 'limit.reached', limit: 'steps', value: Number.NaN, max: 3 } as NewTraceEvent;
    expect(() => writer.append(bad)).toThrow(/limit\.reached\.value/);
    writer.append({ type: 'step.finished', step: 0 });
    expect([...openTrace(writer.dir).events].map(({ seq }) => seq)).toEqual([0, 1]);
  });

  it('never appends to a trace that is there already', () => {
    writeSample(run, 'once');
    expect(() => openWriter(run, 'once')).toThrow(expect.objectContaining({ code: 'trace-write-failed' }));
  });
});
