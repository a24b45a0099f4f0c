import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scoreTrace } from '../../src/scored-trace.ts';
import { type Figure, timed } from './figure.ts';

const rounds = 3;
const writer = fileURLToPath(new URL('../viewer/large-trace.ts', import.meta.url));

/** A trial of 10,000 steps and 30,000 calls read, folded and scored, against parsing the lines of its log. */
export async function measureScoring(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const ours: number[] = [];
  const floor: number[] = [];
  try {
    execFileSync('npx', ['jiti', writer, dir], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const trial = join(dir, 'made', 'large');
    for (let round = 0; round < rounds; round++) {
      ours.push(await timed(async () => scoreTrace(trial, { fresh: true })));
      floor.push(await timed(async () => parseLines(join(trial, 'trace.jsonl'))));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return [{ name: 'scoring of 10,000 steps', unit: 'ms', ours, floor }];
}

function parseLines(log: string): void {
  for (const line of readFileSync(log, 'utf8').split('\n')) if (line !== '') JSON.parse(line);
}
