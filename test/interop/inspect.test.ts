import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { atifTrajectory } from '../../src/interop/atif/export.ts';
import { inspectLogs, logFile } from '../../src/interop/inspect/export.ts';
import { trialOfSample } from '../../src/interop/inspect/import.ts';
import { readInspectLog } from '../../src/interop/inspect/log.ts';
import { isUnscored } from '../../src/schema/score.ts';
import { careful, careless } from '../report/made-report.ts';
import { imported, scored, scoredRun } from './scored.ts';

const logs = () => inspectLogs(scoredRun(careful, careless), '0.1.0');
const bytesOf = (data: string | Uint8Array) => Buffer.from(data);

it.each([
  [1, { input: 66, output: 2 }],
  [2, undefined],
])('an old log tells what was used by its last answer, where of %s answers that is all', (answers, usage) => {
  const sample = {
    id: 1,
    epoch: 1,
    input: 'x',
    target: 'y',
    messages: Array.from({ length: answers }, () => ({ role: 'assistant', content: 'y' })),
    output: { usage: { input_tokens: 66, output_tokens: 2 } },
  };
  const log = {
    version: 2,
    status: 'success',
    eval: { created: '', task: 't', model: 'm' },
    samples: [sample],
  };
  const { eval: evaluation, samples } = readInspectLog('a.json', Buffer.from(JSON.stringify(log)));
  const read = samples[0]?.read();
  expect(read && trialOfSample(read, { eval: evaluation }).usage).toEqual(usage);
});

describe('a run as Inspect logs', () => {
  it('is one log per agent, its keys in the order that readers of a header rely on', () => {
    expect(logs().map(({ eval: { model } }) => model)).toEqual(['scripted:careful', 'scripted:careless']);
    expect(Object.keys(logs()[0] ?? {})).toEqual([
      'version',
      'status',
      'eval',
      'plan',
      'results',
      'stats',
      'error',
      'samples',
      'reductions',
    ]);
    expect(logs()[0]?.eval).toMatchObject({
      eval_id: expect.any(String),
      run_id: 'r1',
      task_id: expect.any(String),
    });
  });

  it('has a name that the viewer lists', () => {
    const [log] = logs();
    expect(log && logFile(log, 'json').name).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}_suite-task_/);
  });

  it('puts what every event needs on every event, spans around steps, and intermediate scores', () => {
    const events = logs()[1]?.samples[0]?.events ?? [];
    for (const event of events) {
      expect(event).toMatchObject({
        event: expect.any(String),
        uuid: expect.any(String),
        timestamp: expect.any(String),
        span_id: expect.any(String),
      });
      expect(event.working_start).toBeGreaterThanOrEqual(0);
    }
    expect(new Set(events.map(({ uuid }) => uuid)).size).toBe(events.length);
    const kinds = events.map(({ event }) => event);
    expect(kinds.filter((kind) => kind === 'span_begin')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'span_end')).toHaveLength(3);
    expect(kinds).toEqual(expect.arrayContaining(['model', 'tool', 'score', 'store']));
    expect(events.find(({ event }) => event === 'score')).toMatchObject({ intermediate: true });
    expect(events.find(({ event }) => event === 'store')).toMatchObject({
      changes: [{ op: 'remove', path: '/boxes/7' }],
    });
  });

  it('answers every tool call with a tool message of its id', () => {
    const messages = logs()[1]?.samples[0]?.messages ?? [];
    const called = messages.flatMap(({ tool_calls }) => tool_calls?.map(({ id }) => id) ?? []);
    expect(messages.filter(({ role }) => role === 'tool').map((one) => one.tool_call_id)).toEqual(called);
  });

  it('can be a zip with header, summaries, journal and a file per sample', () => {
    const [log] = logs();
    if (!log) throw new Error('no log');
    const { data } = logFile(log, 'eval');
    expect(Object.keys(unzipSync(bytesOf(data))).sort()).toEqual([
      '_journal/start.json',
      'header.json',
      'samples/suite_task_epoch_1.json',
      'summaries.json',
    ]);
  });

  it.each(['json', 'eval'] as const)('comes back from .%s as it was', (format) => {
    const original = scored(careless);
    const [log] = inspectLogs({ run: 'r1', trials: [original], skipped: [] }, '0.1.0');
    if (!log) throw new Error('no log');
    const read = readInspectLog('log', bytesOf(logFile(log, format).data));
    const sample = read.samples[0]?.read();
    if (!sample) throw new Error('no sample');
    const again = imported(trialOfSample(sample, read));
    expect(atifTrajectory(again, '0.1.0')).toEqual(atifTrajectory(original, '0.1.0'));
  });
});

describe('a foreign Inspect log', () => {
  const smallest = {
    version: 2,
    status: 'success',
    eval: {
      created: '2026-08-22T12:00:00+00:00',
      task: 'ctf',
      dataset: {},
      model: 'acme/model-1',
      config: {},
    },
    plan: {},
    stats: {},
    samples: [
      {
        id: 'task-1',
        epoch: 1,
        input: 'Find the flag.',
        target: 'flag.txt',
        messages: [
          { role: 'user', content: 'Find the flag.' },
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ id: 'x', function: 'bash', arguments: { cmd: 'rm -rf /' }, type: 'function' }],
          },
          { role: 'tool', content: '', tool_call_id: 'x', error: { type: 'permission', message: 'no' } },
          { role: 'assistant', content: 'flag.txt' },
        ],
        scores: { completion: { value: 1 } },
        events: [],
      },
    ],
  };

  it('is scored with its own reward, and for what it did', () => {
    const log = readInspectLog('log.json', Buffer.from(JSON.stringify(smallest)));
    const sample = log.samples[0]?.read();
    if (!sample) throw new Error('no sample');
    const { score, trial } = imported(trialOfSample(sample, log));
    expect(score.completion.reward).toBe(1);
    expect(score.efficiency.errors).toBe(1);
    expect(score.safety.findings.map(({ category }) => category)).toContain('destructive-operation');
    expect(trial.ended?.answer).toBe('flag.txt');
  });

  it('is unscored where it has no score', () => {
    const bare = { ...smallest, samples: [{ ...smallest.samples[0], scores: {} }] };
    const log = readInspectLog('log.json', Buffer.from(JSON.stringify(bare)));
    const sample = log.samples[0]?.read();
    expect(sample && isUnscored(imported(trialOfSample(sample, log)).score.completion.reward)).toBe(true);
  });

  it('is refused by name where it is none', () => {
    expect(() => readInspectLog('x.json', Buffer.from('{"version":1}'))).toThrow(/x\.json: no Inspect log/);
    expect(() => readInspectLog('x.eval', Buffer.from('PK broken'))).toThrow(/x\.eval/);
    const { samples: _, ...header } = smallest;
    const zip = zipSync({
      'header.json': strToU8(JSON.stringify(header)),
      'samples/1.json': strToU8('{"id":1}'),
    });
    expect(() => readInspectLog('y.eval', zip).samples[0]?.read()).toThrow(
      /^y\.eval: samples\/1\.json: epoch: missing/,
    );
  });

  it('is read where it was written before events had a time of work, and where numbers are none', () => {
    const text = JSON.stringify({
      ...smallest,
      samples: [1, 2].map((epoch) => ({
        ...smallest.samples[0],
        epoch,
        events: [{ event: 'model', timestamp: '2026-08-22T12:00:00Z' }],
        scores: { match: { value: 'NAN' }, grade: { value: 7 }, parts: { value: { a: 0.5 } } },
      })),
    }).replaceAll('"NAN"', 'NaN');
    const log = readInspectLog('old.json', Buffer.from(text));
    const [first, second] = log.samples.map(({ read }) => trialOfSample(read(), log));
    expect(first).toMatchObject({ attempt: 1, rewards: { 'parts.a': 0.5 } });
    expect(first?.losses).toEqual(
      expect.arrayContaining([
        'score match (null is no share from 0 to 1)',
        'score grade (7 is no share from 0 to 1)',
      ]),
    );
    expect(second && imported(second).trial.started.attempt).toBe(2);
  });

  it('is read where the members of its zip are packed by Zstandard', () => {
    const { samples, ...header } = smallest;
    const members = { 'header.json': header, 'samples/1_epoch_1.json': samples[0] };
    const log = readInspectLog('z.eval', zstdZip(members));
    expect(log.samples[0]?.read()).toMatchObject({ id: 'task-1', epoch: 1 });
    const broken = zstdZip(members).fill(0, 41, 50);
    expect(() => readInspectLog('z.eval', broken)).toThrow(/^z\.eval\/header\.json: its zip can't be read/);
  });
});

/** A zip of JSON files, each one raw block in a Zstandard frame, as the format allows. */
function zstdZip(members: Record<string, unknown>): Buffer {
  const packed = Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      const data = Buffer.from(JSON.stringify(value));
      const sizes = Buffer.alloc(9);
      sizes.writeUInt8(0b1010_0000);
      sizes.writeUInt32LE(data.length, 1);
      const block = (data.length << 3) | 1;
      sizes.writeUIntLE(block, 5, 3);
      return [
        name,
        new Uint8Array(Buffer.concat([Buffer.from('28b52ffd', 'hex'), sizes.subarray(0, 8), data])),
      ];
    }),
  );
  const zip = Buffer.from(zipSync(packed, { level: 0 }));
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4))
    zip.writeUInt16LE(93, at + 10);
  return zip;
}
