import { statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { locateTrace } from '../trace/location.ts';
import { runFile } from '../trace/run-file.ts';

const lookEveryMs = 400;
const breatheEveryMs = 15_000;

/** Tells a page whenever a run's `run.json` or a trial's log has grown, until the page goes away. */
export function follow(response: ServerResponse, runDir: string, trialDir: string | undefined): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': following\n\n');
  const watched = new Map([['run', () => stampOf(join(runDir, runFile))]]);
  if (trialDir !== undefined) watched.set('trial', () => stampOf(logOf(trialDir)));
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
