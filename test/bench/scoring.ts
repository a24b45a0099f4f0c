import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scoreTrace } from '../../src/scored-trace.ts';
import type { Figure } from './figure.ts';
import { writeImportedRun } from './imported-run.ts';

const rounds = 3;
const imported = 300;
const writer = fileURLToPath(new URL('../viewer/large-trace.ts', import.meta.url));

/** A trial of 10,000 steps and a run of short imported ones, read, folded and scored. */
export async function measureScoring(): Promise<Figure[]> {
  return [longTrial(), importedTrials()];
}

/** CPU time of 10,000 steps and 30,000 calls, against parsing the lines of its log. */
function longTrial(): Figure {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const ours: number[] = [];
  const floor: number[] = [];
  try {
    execFileSync('npx', ['jiti', writer, dir], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const trial = join(dir, 'made', 'large');
    for (let round = 0; round < rounds; round++) {
      ours.push(cpuMs(() => scoreTrace(trial, { fresh: true })));
      floor.push(cpuMs(() => parseLines(join(trial, 'trace.jsonl'))));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return { name: 'scoring of 10,000 steps, CPU time', unit: 'ms', ours, floor };
}

/** Trials of 20 calls that a second of CPU scores and keeps the scores of, the first ones left out. */
function importedTrials(): Figure {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const run = join(dir, 'made');
  writeImportedRun(run, imported);
  const scoreAll = () => {
    const took = cpuMs(() => {
      for (let index = 0; index < imported; index++) scoreTrace(join(run, `t${index}`), { fresh: true });
    });
    return (1000 * imported) / took;
  };
  scoreAll();
  const ours = Array.from({ length: rounds }, scoreAll);
  rmSync(dir, { recursive: true, force: true });
  return {
    name: 'imported trials of 20 calls scored per second of CPU',
    unit: 'trials/s',
    ours,
    target: '> 150',
  };
}

/** Milliseconds of CPU that something took, whatever else the machine does. */
function cpuMs(action: () => unknown): number {
  const begun = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

function parseLines(log: string): void {
  for (const line of readFileSync(log, 'utf8').split('\n')) if (line !== '') JSON.parse(line);
}
