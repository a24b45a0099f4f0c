import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { foldersIn, isFolder, packageRoot } from '../../src/schema/author-folder.ts';
import type { ScoredTrace } from '../../src/scored-trace.ts';
import { engine, engineNote } from '../engine.ts';
import { playHarbor } from './play.ts';

const suite = fileURLToPath(new URL('terminal-bench', import.meta.url));
const tasks = foldersIn(suite);
const images = {
  map: { 'ubuntu:24.04': 'debian:bookworm-slim' },
  layer: join(packageRoot, 'sandbox-images', 'pytest'),
};

/** Tasks with tools share an environment folder, so that its image is built once. */
function assemble(folder: string): string {
  for (const task of tasks) {
    cpSync(join(suite, task), join(folder, task), { recursive: true });
    const environment = join(folder, task, 'environment');
    if (!isFolder(environment)) cpSync(join(suite, '_environment'), environment, { recursive: true });
  }
  return folder;
}

describe.runIf(engine)(`tasks in the shape of Terminal-Bench’s${engineNote}`, () => {
  let played: Map<string, ScoredTrace>;
  const of = (name: string) => played.get(name) as ScoredTrace;
  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'proctor-harbor-'));
    played = await playHarbor(assemble(join(dir, 'suite')), join(dir, 'run'), images);
    return () => rmSync(dir, { recursive: true, force: true });
  }, 900_000);

  test('are at least eight', () => expect(tasks.length).toBeGreaterThanOrEqual(8));

  test.each(tasks)('%s runs offline as it is: the reference gets 1, doing nothing 0', (name) => {
    const rewards = ['oracle', 'nop'].map((agent) => of(`${name} ${agent}`).score.completion.reward);
    expect(rewards).toEqual([1, 0]);
    expect(of(`${name} oracle`).score.completion.success).toBe(true);
  });

  test('the report of pytest is kept', () => {
    const { trial, bodies } = of('log-summary oracle');
    const { results } = JSON.parse(bodies.text(trial.verified[0]?.ctrf ?? ''));
    expect(results.summary).toMatchObject({ tests: 3, passed: 3, failed: 0 });
  });
});
