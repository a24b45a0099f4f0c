import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTraceWriter } from '../../src/trace/writer.ts';
import type { Figure } from './figure.ts';

const rounds = 5;
const eventsPerRound = 4000;
const output = 'A line of a result, as a command prints it.\n'.repeat(8);

/** Events written per second, against write(2) of lines of the same length. */
export async function measureTraceEvents(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  const ours: number[] = [];
  const floor: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      ours.push(perSecond(() => writeEvents(join(dir, `${round}`))));
      floor.push(perSecond(() => writeLines(join(dir, `${round}.txt`))));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return [{ name: 'trace events', unit: 'events/s', ours, floor }];
}

function writeEvents(dir: string): void {
  const secrets = { API_KEY: 'a-value-that-is-nowhere' };
  const writer = createTraceWriter({ dir, bodiesDir: join(dir, 'bodies'), secrets });
  for (let event = 0; event < eventsPerRound; event++) {
    writer.append({
      type: 'tool.returned',
      step: event,
      callId: `${event}.0`,
      source: 'tool',
      isError: false,
      content: writer.bodies.content([{ type: 'text', text: output }]),
      digest: 'd'.repeat(64),
      truncated: false,
      captureCut: false,
      durationMs: 1.5,
    });
  }
  writer.close();
}

function writeLines(path: string): void {
  const fd = openSync(path, 'ax');
  const line = Buffer.from(`${output.padEnd(output.length + 450, '.')}\n`);
  for (let event = 0; event < eventsPerRound; event++) writeSync(fd, line);
  closeSync(fd);
}

function perSecond(write: () => void): number {
  const begun = performance.now();
  write();
  return (eventsPerRound / (performance.now() - begun)) * 1000;
}
