import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { stepRow } from '../../src/viewer/step-row.ts';
import { indexTrial } from '../../src/viewer/trial-index.ts';
import { temporaryFolder } from '../folder.ts';
import { beginTrial } from './made-run.ts';

const say = (text: string) => ({ say: text, calls: [{ args: { command: text }, content: [] }] });

describe('the index of a trial', () => {
  it('finds the events of one step', async () => {
    const dir = temporaryFolder();
    const trial = beginTrial(dir, 'one');
    for (const text of ['first', 'second', 'third']) trial.step(say(text));
    trial.end();
    const index = await indexTrial(join(dir, 'one', 'trace.jsonl'));
    const events = index.file.step(1).filter((event) => 'step' in event && event.step === 1);
    expect(events.map((event) => event.type)).toEqual([
      'agent.decided',
      'policy.judged',
      'tool.called',
      'tool.returned',
      'step.finished',
    ]);
    expect(index.rows.map((row) => row.say)).toEqual(['first', 'second', 'third']);
    expect(index.rows[1]?.calls[0]).toMatchObject({ tool: 'bash', brief: 'second', isError: false });
    expect(index.trial.outcome).toBe('submitted');
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
    const index = await indexTrial(join(dir, 'one', 'trace.jsonl'));
    expect(index.rows.map((row) => row.say)).toEqual(['first', 'second', 'third']);
    const decided = index.file.step(2).filter(({ type }) => type === 'agent.decided');
    expect(decided).toMatchObject([{ step: 2, decision: { text: 'third' } }]);
  });

  it('takes in what is written later, and no line that is half written', async () => {
    const dir = temporaryFolder();
    const log = join(dir, 'one', 'trace.jsonl');
    const trial = beginTrial(dir, 'one');
    trial.step(say('first'));
    const index = await indexTrial(log);
    expect(await index.refresh()).toBe(false);
    trial.step(say('second'));
    expect(await index.refresh()).toBe(true);
    expect(index.rows).toHaveLength(2);
    expect(index.trial.ended).toBeUndefined();
    const line = readFileSync(log, 'utf8').split('\n')[2] ?? '';
    appendFileSync(log, line.slice(0, 40));
    expect(await index.refresh()).toBe(false);
    expect(index.rows).toHaveLength(2);
  });

  it('makes its lines as the fold of the whole trace would, and keeps no step but the last ones', async () => {
    const dir = temporaryFolder();
    const trial = beginTrial(dir, 'one');
    for (let step = 0; step < 20; step++) trial.step(say(`${step}`));
    trial.end();
    const index = await indexTrial(join(dir, 'one'));
    const { events, bodies } = openTrace(join(dir, 'one'));
    const { steps, started } = foldTrial(events, bodies);
    expect(index.rows).toEqual(steps.map((step) => stepRow(step, Date.parse(started.at))));
    expect(index.trial.steps).toHaveLength(2);
  });

  it('is made although the body of a list of tools is lost', async () => {
    const dir = temporaryFolder();
    const trial = beginTrial(dir, 'one');
    const tools = { sha256: '0'.repeat(64), bytes: 5000, encoding: 'utf8' as const };
    trial.writer.append({ type: 'tools.listed', tools });
    trial.step(say('first'));
    const index = await indexTrial(join(dir, 'one'));
    expect(index.rows).toHaveLength(1);
    expect(index.trial.tools).toEqual([]);
  });
});
