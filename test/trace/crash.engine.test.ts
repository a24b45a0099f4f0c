import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/trace/chain.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { temporaryFolder } from './sample.ts';

const seed = Number(process.env.PROCTOR_TEST_SEED ?? randomInt(3000));
const child = new URL('./writing-child.ts', import.meta.url).pathname;

/** Runs the child and kills it with SIGKILL once it said that `count` events are written; gives all that it said. */
async function killAfter(count: number, run: string, trial: string): Promise<string[]> {
  const writing = spawn(process.execPath, ['--import', 'jiti/register', child, run, trial]);
  let said = '';
  writing.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > count) writing.kill('SIGKILL');
  });
  const [, signal] = await once(writing, 'close');
  expect(signal).toBe('SIGKILL');
  return said.trimEnd().split('\n');
}

describe('a writer killed with SIGKILL', () => {
  it(`leaves a trace that reads back up to the last event (PROCTOR_TEST_SEED=${seed})`, async () => {
    const run = temporaryFolder();
    const said = await killAfter(1 + seed, run, 'killed');
    const { events, bodies } = openTrace(join(run, 'killed'));
    const all = [...events];
    expect(all.length).toBeGreaterThanOrEqual(Number(said.at(-1)) + 1);
    expect(verifyChain(join(run, 'killed')).events).toBe(all.length);
    expect(foldTrial(all, bodies).ended).toBeUndefined();
    const returned = all.filter((event) => event.type === 'tool.returned');
    for (const [step, event] of returned.entries()) {
      const [block] = bodies.content(event.content);
      expect(block?.type === 'text' && (block.text === '' || block.text.startsWith(`${step} `))).toBe(true);
    }
    expect(readdirSync(join(run, 'bodies')).length).toBeGreaterThan(0);
  });
});
