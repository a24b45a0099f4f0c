import { statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { locateTrace } from '../trace/location.ts';
import { readRun, runFile } from '../trace/run-file.ts';

const lookEveryMs = 400;
const breatheEveryMs = 15_000;

/** Tells a page whenever a run or one of its running trials has gone on, or one trial's log has grown, until it goes away. */
export function follow(response: ServerResponse, runDir: string, trialDir: string | undefined): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': following\n\n');
  const watched = new Map<string, () => string>();
  if (trialDir === undefined) watched.set('run', runStamps(runDir));
  else watched.set('trial', () => `${stampOf(join(runDir, runFile))} ${stampOf(logOf(trialDir))}`);
  const seen = new Map([...watched].map(([name, look]) => [name, look()]));

  const look = setInterval(() => {
    for (const [name, stamp] of watched) {
      const now = stamp();
      if (now === seen.get(name)) continue;
      seen.set(name, now);
      response.write(`event: ${name}\ndata: ${now}\n\n`);
    }
  }, lookEveryMs);
  const breathe = setInterval(() => response.write(': still here\n\n'), breatheEveryMs);
  response.on('close', () => {
    clearInterval(look);
    clearInterval(breathe);
  });
}

/** A run's own stamp and those of the logs of its trials that go on. */
function runStamps(runDir: string): () => string {
  let own = '';
  let running: string[] = [];
  return () => {
    const now = stampOf(join(runDir, runFile));
    if (now !== own) {
      own = now;
      running = runningIn(runDir);
    }
    return [own, ...running.map((dir) => stampOf(logOf(dir)))].join(' ');
  };
}

function runningIn(runDir: string): string[] {
  try {
    const { trials } = readRun(runDir);
    return trials.filter(({ status }) => status === 'running').map(({ dir }) => join(runDir, dir));
  } catch {
    return [];
  }
}

function logOf(trialDir: string): string {
  try {
    return locateTrace(trialDir).log;
  } catch {
    return trialDir;
  }
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.size}-${found.mtimeMs}` : 'none';
}
