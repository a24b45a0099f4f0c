import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { sha256 } from '../../src/trace/digest.ts';
import { readRun, writeRun } from '../../src/trace/run-file.ts';

/** Changes the events of a trace, and makes its chain and its seal fit again, as a careful forger would. */
export function reseal(dir: string, change: (events: TraceEvent[]) => TraceEvent[]): void {
  let prev = '';
  let last = '';
  const lines = change(eventsIn(dir)).map((event, seq) => {
    last = JSON.stringify({ ...event, seq, prev });
    prev = sha256(last);
    return last;
  });
  writeFileSync(join(dir, 'trace.jsonl'), `${lines.join('\n')}\n`);
  const runDir = dirname(dir);
  const run = readRun(runDir);
  const head = { sha256: sha256(last), events: lines.length };
  writeRun(runDir, {
    ...run,
    trials: run.trials.map((trial) => (trial.dir === basename(dir) ? { ...trial, head } : trial)),
  });
}

/** A text of a trace in its line, or in a body of its own, with a change. */
export function alteredText<T>(dir: string, text: T, change: (text: string) => string): T {
  if (typeof text === 'string') return change(text) as T;
  const bodies = join(dirname(dir), 'bodies');
  const { sha256: name } = text as { sha256: string };
  const changed = change(readFileSync(join(bodies, name), 'utf8'));
  writeFileSync(join(bodies, sha256(changed)), changed);
  return { ...text, sha256: sha256(changed), bytes: Buffer.byteLength(changed) };
}

/** Changes the events of a trace and leaves its chain as it was. */
export function tamper(dir: string, change: (text: string) => string): void {
  const path = join(dir, 'trace.jsonl');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

function eventsIn(dir: string): TraceEvent[] {
  const text = readFileSync(join(dir, 'trace.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceEvent);
}
