import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { indexTrace } from '../../src/viewer/trace-index.ts';
import { temporaryFolder } from '../folder.ts';
import { beginTrial } from './made-run.ts';

const say = (text: string) => ({ say: text, calls: [{ args: { command: text }, content: [] }] });

describe('the index of a trace', () => {
  it('finds the events of one step', async () => {
    const dir = temporaryFolder();
    const trial = beginTrial(dir, 'one');
    for (const text of ['first', 'second', 'third']) trial.step(say(text));
    trial.end();
    const index = await indexTrace(join(dir, 'one', 'trace.jsonl'));
    const events = await index.read(index.placesOf(1));
    expect(events.map((event) => event.type)).toEqual([
      'agent.decided',
      'policy.judged',
      'tool.called',
      'tool.returned',
      'step.finished',
    ]);
    expect(events.every((event) => 'step' in event && event.step === 1)).toBe(true);
    expect(index.rows.map((row) => row.say)).toEqual(['first', 'second', 'third']);
    expect(index.rows[1]?.calls[0]).toMatchObject({ tool: 'bash', brief: 'second', isError: false });
    expect(index.ended).toBe(true);
  });

  it('finds them among lines longer than what is read at once', async () => {
    const dir = temporaryFolder();
    const trial = beginTrial(dir, 'one');
    for (const text of ['first', 'second', 'third']) {
      const request = JSON.stringify(text.repeat(500_000));
      trial.writer.append({ type: 'agent.asked', step: 0, request, appended: true });
      trial.step(say(text));
    }
    trial.end();
    const index = await indexTrace(join(dir, 'one', 'trace.jsonl'));
    expect(index.rows.map((row) => row.say)).toEqual(['first', 'second', 'third']);
    const decided = (await index.read(index.placesOf(2))).filter(({ type }) => type === 'agent.decided');
    expect(decided).toMatchObject([{ step: 2, decision: { text: 'third' } }]);
  });

  it('takes in what is written later, and no line that is half written', async () => {
    const dir = temporaryFolder();
    const log = join(dir, 'one', 'trace.jsonl');
    const trial = beginTrial(dir, 'one');
    trial.step(say('first'));
    const index = await indexTrace(log);
    expect(await index.refresh()).toBe(false);
    trial.step(say('second'));
    expect(await index.refresh()).toBe(true);
    expect(index.rows).toHaveLength(2);
    expect(index.ended).toBe(false);
    const line = readFileSync(log, 'utf8').split('\n')[2] ?? '';
    appendFileSync(log, line.slice(0, 40));
    expect(await index.refresh()).toBe(false);
    expect(index.rows).toHaveLength(2);
  });
});
