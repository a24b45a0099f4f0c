import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built command line. */
export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  process: ChildProcess;
  finished: Promise<Finished>;
}

export interface StartOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** What is typed; then the input ends. */
  input?: string;
}

/** Starts the built command line as its users do. */
export function startProctor(args: string[], options: StartOptions = {}): Started {
  if (!existsSync(cli)) throw new Error(`${cli} is missing: run "npm run build" first`);
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, PROCTOR_MODEL: _model, ...inherited } = process.env;
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: options.cwd ?? fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...inherited, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, ...text }));
  return { process: child, finished };
}

/** Runs the built command line to its end. */
export const proctor = (args: string[], options?: StartOptions): Promise<Finished> =>
  startProctor(args, options).finished;
