import { statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { ProctorError } from '../errors.ts';
import { locateTrace } from '../trace/location.ts';
import { readRun, runStamp } from '../trace/run-file.ts';
import type { Library } from './library.ts';
import type { Service } from './service.ts';

const pieceLength = 256 * 1024;

/** Answers a request under `/api/`. Throws `not-found` where nothing is there. */
export async function answerApi(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  { library, service }: { library: Library; service: Service },
): Promise<void> {
  const [, , kind = '', run = '', trial = '', part = ''] = url.pathname.split('/').map(decoded);
  const number = (name: string, otherwise: number) => wholeNumber(url.searchParams.get(name), otherwise);
  switch (kind) {
    case 'runs':
      return json(response, await service.runs());
    case 'run':
      return json(response, await service.run(run));
    case 'queue':
      return json(response, await service.queue());
    case 'comparison':
      return json(response, await service.comparison(url.searchParams.getAll('set')));
    case 'trial':
      return json(response, await service.trial(run, trial));
    case 'lineage':
      return json(response, await service.lineage(run, trial));
    case 'rows':
      return json(response, await service.rows(run, trial, number('from', 0)));
    case 'step':
      return json(response, await service.step(run, trial, wholeNumber(part, 0)));
    case 'log':
      return json(response, await service.log(run, trial));
    case 'search': {
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      const query = url.searchParams.get('q') ?? '';
      return json(response, await service.search(run, trial, query, gone.signal));
    }
    case 'body': {
      const bytes = await service.body(run, trial, part, number('offset', 0), number('length', pieceLength));
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
      return;
    }
    case 'events':
      follow(response, library.run(run).dir, trial === '' ? undefined : library.trial(run, trial).dir);
      return;
    default:
      throw new ProctorError('not-found', `nothing at ${request.method} ${url.pathname}`);
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ProctorError('not-found', 'this is no address');
  }
}

function wholeNumber(text: string | null, otherwise: number): number {
  const number = Number(text ?? otherwise);
  return Number.isSafeInteger(number) && number >= 0 ? number : otherwise;
}

const lookEveryMs = 400;
const breatheEveryMs = 15_000;

/** Tells a page whenever a run or one of its running trials has gone on, or one trial's log has grown, until it goes away. */
function follow(response: ServerResponse, runDir: string, trialDir: string | undefined): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': following\n\n');
  const stamp =
    trialDir === undefined ? runStamps(runDir) : () => `${runStamp(runDir)} ${stampOf(logOf(trialDir))}`;
  let seen = stamp();
  const look = setInterval(() => {
    const now = stamp();
    if (now === seen) return;
    seen = now;
    response.write(`event: ${trialDir === undefined ? 'run' : 'trial'}\ndata: ${now}\n\n`);
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
    const now = runStamp(runDir);
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
