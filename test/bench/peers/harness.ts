import { fileURLToPath } from 'node:url';
import { harborTrials, inspectTrials, type Logged, proctorTrials } from './log.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const cli = here('../../../dist/cli.js');

/** Its image, and the engine's alone. */
export const image = 'debian:bookworm-slim';

/** The task that all of them do, in Harbor's format. */
export const task = here('task');

/** What is asked of a harness. */
interface Asked {
  trials: number;
  concurrency: number;
  /** Where it may write. */
  out: string;
  /** Another task than the bench's. */
  task?: string;
}

/** One of those that are compared. */
export interface Harness {
  name: string;
  /** The program that runs the trials, and what it needs to find the model at a URL. */
  command(asked: Asked): [file: string, ...args: string[]];
  env(url: string): NodeJS.ProcessEnv;
  /** What it wrote, by trial. */
  logged(out: string, env: NodeJS.ProcessEnv): Promise<Logged[]>;
}

export const proctor: Harness = {
  name: 'Proctor',
  command: ({ trials, concurrency, out, task: other = task }) => [
    ...([process.execPath, cli, 'run', other, '--agent', 'openai:bench', '--sandbox', 'docker'] as const),
    ...['--attempts', `${trials}`, '--concurrency', `${concurrency}`, '--out', out],
  ],
  env: (url) => ({ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none' }),
  logged: proctorTrials,
};

export const inspect: Harness = {
  name: 'Inspect AI',
  command: ({ trials, concurrency, out }) => [
    ...(['inspect', 'eval', `${here('inspect_task.py')}@bench`, '-T', `folder=${task}`] as const),
    ...['--model', 'openai-api/bench/bench', '--epochs', `${trials}`, '--log-dir', out],
    ...['--max-samples', `${concurrency}`, '--max-connections', `${concurrency}`, '--display', 'plain'],
  ],
  env: (url) => ({ BENCH_BASE_URL: url, BENCH_API_KEY: 'none' }),
  logged: inspectTrials,
};

export const harbor: Harness = {
  name: 'Harbor',
  command: ({ trials, concurrency, out }) => [
    ...(['harbor', 'run', '--path', task, '--agent', 'harbor_agent:BenchAgent'] as const),
    ...['--model', 'openai/bench', '--n-attempts', `${trials}`, '--n-concurrent', `${concurrency}`],
    ...['--jobs-dir', out, '--quiet', '--yes'],
  ],
  env: (url) => ({ OPENAI_API_BASE: url, OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none' }),
  logged: harborTrials,
};
