import {
  appendFileSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTrace } from '../../src/trace/trace-file.ts';
import { beginTrial } from '../viewer/made-run.ts';
import { temporaryFolder, writeSample } from './sample.ts';

const run = temporaryFolder();
const { dir, log, bytes } = writeSample(run, 'whole');
const lines = bytes.toString().trimEnd().split('\n');
let copies = 0;

/** A trace folder with this log, bodies beside it. */
function traceOf(text: string | Uint8Array): string {
  copies += 1;
  const copy = join(run, `copy-${copies}`);
  mkdirSync(copy);
  writeFileSync(join(copy, 'trace.jsonl'), text);
  return copy;
}

describe('reading a trace', () => {
  it('gives every event, from the folder or from the log', () => {
    const events = lines.map((line) => JSON.parse(line));
    expect([...openTrace(dir).events]).toEqual(events);
    expect([...openTrace(log).events]).toEqual(events);
    expect(openTrace(dir).torn).toBe(false);
  });

  it('may begin again, and be given up in the middle', () => {
    const { events } = openTrace(dir);
    for (const event of events) if (event.seq === 3) break;
    expect([...events]).toHaveLength(lines.length);
  });

  it('leaves out a last line torn at any byte', () => {
    const last = Buffer.from(lines.at(-1) ?? '');
    const before = bytes.subarray(0, bytes.length - last.length - 1);
    const torn = openTrace(traceOf(before));
    for (let cut = 1; cut < last.length; cut += 1) {
      writeFileSync(join(torn.dir, 'trace.jsonl'), Buffer.concat([before, last.subarray(0, cut)]));
      expect(torn.torn).toBe(true);
      expect([...torn.events]).toHaveLength(lines.length - 1);
    }
  });

  it('keeps a last line that lacks nothing but its newline', () => {
    const trace = openTrace(traceOf(bytes.subarray(0, -1)));
    expect(trace.torn).toBe(false);
    expect([...trace.events]).toHaveLength(lines.length);
  });

  it('takes an empty log for a trace without events', () => {
    const trace = openTrace(traceOf(''));
    expect([...trace.events]).toEqual([]);
    expect(trace.torn).toBe(false);
  });

  it.each([
    ['a broken line', lines[4]?.slice(0, 20) ?? '', /:5: expected a JSON object/],
    ['an empty line', '', /:5: expected a JSON object/],
    ['an unknown event', '{"type":"moon.rose"}', /:5: moon\.rose\.type/],
    ['an unknown field', lines[4]?.replace('{', '{"moon":1,') ?? '', /:5: state\.observed: .*moon/],
  ])('refuses %s in the middle with file and line', (_, line, message) => {
    const broken = openTrace(traceOf([...lines.slice(0, 4), line, ...lines.slice(5), ''].join('\n')));
    expect(() => [...broken.events]).toThrow(expect.objectContaining({ code: 'bad-trace' }));
    expect(() => [...broken.events]).toThrow(message);
  });

  it.each([
    ['older', 0, /trace\.jsonl:1: trace version 0 is too old/],
    ['newer', 3, /trace\.jsonl:1: trace version 3 is newer than 2/],
    ['missing', undefined, /trace\.jsonl:1: expected a first event trial\.started with a version/],
  ])('refuses a version that is %s and unknown', (_, version, message) => {
    const first = JSON.stringify({ ...JSON.parse(lines[0] ?? ''), version });
    expect(() => [...openTrace(traceOf([first, ...lines.slice(1)].join('\n'))).events]).toThrow(message);
  });

  it('finds lines that are longer than a chunk', () => {
    const wide = JSON.stringify({ ...JSON.parse(lines[0] ?? ''), seed: '🦀'.repeat(100_000) });
    const [first] = [...openTrace(traceOf([wide, ...lines.slice(1)].join('\n'))).events];
    expect(first?.type === 'trial.started' && first.seed).toBe('🦀'.repeat(100_000));
    expect(openTrace(traceOf(`${lines[0]}\n${wide}\n`)).torn).toBe(false);
    expect(openTrace(traceOf(`${lines[0]}\n${wide.slice(0, -1)}`)).torn).toBe(true);
  });

  it('reads a log of three gigabytes only as far as it is asked to', () => {
    const large = traceOf(bytes);
    truncateSync(join(large, 'trace.jsonl'), 3 * 1024 ** 3);
    const seen: number[] = [];
    for (const event of openTrace(large).events) {
      seen.push(event.seq);
      if (event.seq === lines.length - 2) break;
    }
    expect(seen).toHaveLength(lines.length - 1);
  });

  it('reads bodies from the folder itself where a trace was exported alone', () => {
    const exported = join(temporaryFolder(), 'alone');
    cpSync(dir, exported, { recursive: true });
    cpSync(join(dirname(dir), 'bodies'), join(exported, 'bodies'), { recursive: true });
    const { events, bodies } = openTrace(exported);
    const returned = [...events].filter((event) => event.type === 'tool.returned');
    const resolved = returned.flatMap((event) => bodies.content(event.content));
    expect(resolved.some((block) => block.type === 'text' && block.text.includes('line 899 🗜'))).toBe(true);
  });

  it('says what it expected where there is no trace', () => {
    expect(() => openTrace(join(run, 'nowhere'))).toThrow(/nowhere: no trace here; expected a folder with a/);
    expect(() => openTrace(join(run, 'bodies'))).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(readFileSync(log)).toEqual(bytes);
  });
});

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

describe('one step of a trace', () => {
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

describe('a trace that grows', () => {
  const begun = () => {
    const runDir = temporaryFolder();
    const trial = beginTrial(runDir, 'one');
    return { trial, file: openTrace(join(runDir, 'one')), log: join(runDir, 'one', 'trace.jsonl') };
  };
  const say = (text: string) => ({ say: text, calls: [] });

  it('gives what was written since it was asked before', () => {
    const { trial, file } = begun();
    expect([...file.refresh()].map(({ type }) => type)).toEqual(['trial.started', 'tools.listed']);
    expect([...file.refresh()]).toEqual([]);
    trial.step(say('first'));
    expect([...file.refresh()].map(({ type }) => type)).toEqual(['agent.decided', 'step.finished']);
    trial.end();
    expect([...file.refresh()].map(({ type }) => type)).toEqual(['trial.ended']);
  });

  it('gives a line once it is whole', () => {
    const { file, log } = begun();
    const whole = [...file.refresh()].length;
    const line = readFileSync(log, 'utf8').split('\n')[1] ?? '';
    appendFileSync(log, line);
    expect([...file.refresh()]).toEqual([]);
    expect(file.torn).toBe(false);
    appendFileSync(log, '\n');
    expect([...file.refresh()]).toHaveLength(1);
    expect([...file.events]).toHaveLength(whole + 1);
  });

  it('names a broken line among whole ones each time it is asked for more, and gives what stands before it', () => {
    const { trial, file, log } = begun();
    appendFileSync(log, 'no event\n');
    trial.step(say('first'));
    const given: string[] = [];
    const read = () => {
      for (const { type } of file.refresh()) given.push(type);
    };
    for (let i = 0; i < 2; i++) expect(read).toThrow(/trace\.jsonl: byte \d+: expected a JSON object/);
    expect(given).toEqual(['trial.started', 'tools.listed']);
  });

  it('goes on after the event at which reading was left off', () => {
    const { trial, file } = begun();
    trial.end();
    for (const event of file.refresh()) if (event.type === 'trial.started') break;
    expect([...file.refresh()].map(({ type }) => type)).toEqual(['tools.listed', 'trial.ended']);
  });

  it('has a first and a last event, where they are written and whole', () => {
    const { trial, file, log } = begun();
    expect(file.first?.trial).toBe('one');
    expect(file.last?.type).toBe('tools.listed');
    appendFileSync(log, '{"seq":2');
    expect(file.last).toBeUndefined();
    expect(file.torn).toBe(true);
    trial.writer.close();
    const empty = openTrace(traceOf(''));
    expect([empty.first, empty.last]).toEqual([undefined, undefined]);
  });

  it('says in one line that it is of a newer version, however it is asked', () => {
    const first = JSON.stringify({ ...JSON.parse(lines[0] ?? ''), version: 99 });
    const file = openTrace(traceOf(`${first}\n${lines[1]}\n`));
    const message = /copy-\d+\/trace\.jsonl:1: trace version 99 is newer than 2, the newest known here$/;
    for (const ask of [
      () => [...file.events],
      () => file.first,
      () => file.last,
      () => file.step(0),
      () => [...file.refresh()],
    ])
      expect(ask).toThrow(message);
  });
});
