import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScoredTrace } from '../../src/scored-trace.ts';
import { engine, engineNote } from '../engine.ts';
import { playHarbor } from './play.ts';

const folder = fileURLToPath(new URL('field', import.meta.url));
const map = { 'ubuntu:24.04': 'debian:bookworm-slim' };
const tasks = ['own-verifier', 'phases', 'separate', 'services', 'shared'];

describe.runIf(engine)(`Harbor tasks that use the fields of the format${engineNote}`, () => {
  let played: Map<string, ScoredTrace>;
  const of = (name: string) => played.get(name) as ScoredTrace;
  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'proctor-harbor-'));
    played = await playHarbor(folder, dir, { map });
    return () => rmSync(dir, { recursive: true, force: true });
  }, 300_000);

  test.each(tasks)('%s gives the reference 1 and doing nothing 0', (name) => {
    const rewards = ['oracle', 'nop'].map((agent) => of(`${name} ${agent}`).score.completion.reward);
    expect(rewards).toEqual([1, 0]);
    expect(of(`${name} oracle`).score.completion.success).toBe(true);
  });

  test('a phase follows in the same sandbox, and its instruction is in the trace', () => {
    const { trial } = of('phases oracle');
    expect(trial.verified.map(({ phase }) => phase)).toEqual([0, 1]);
    expect(trial.opened).toHaveLength(1);
    expect(trial.steps[1]?.begins).toContain('final ok');
  });

  test('a phase whose min_reward is not met is the last', () => {
    expect(of('phases nop').trial.verified).toHaveLength(1);
  });

  test('artifacts are kept under the name they are given, without those that are excluded', () => {
    const { trial, bodies } = of('separate oracle');
    expect(trial.artifacts.map(({ name }) => name).sort()).toEqual([
      '/app/out/collected',
      '/app/out/result.txt',
      '/app/tree/keep.txt',
      '/kept/log.txt',
      '/logs/artifacts/note.txt',
    ]);
    const note = trial.artifacts.find(({ name }) => name.endsWith('note.txt'));
    expect(Buffer.from(bodies.text(note?.data ?? ''), 'base64').toString()).toBe('evidence\n');
  });

  test('hooks run in a service, and artifacts of it are kept', () => {
    const { trial, bodies } = of('services oracle');
    expect(trial.artifacts.map(({ name }) => name)).toEqual(['/kept/orders.json']);
    expect(Buffer.from(bodies.text(trial.artifacts[0]?.data ?? ''), 'base64').toString()).toBe('7\npaid\n');
  });

  test('all rewards and the report of the test runner are kept', () => {
    expect(of('separate oracle').score.completion.rewards).toEqual({ reward: 1, lines: 1 });
    const { trial, bodies } = of('shared oracle');
    expect(JSON.parse(bodies.text(trial.verified[0]?.ctrf ?? ''))).toMatchObject({
      results: { summary: { passed: 1 } },
    });
  });
});
