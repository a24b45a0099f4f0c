import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { image, task as ownTask } from './harness.ts';
import { filesBelow } from './log.ts';
import type { Check } from './reader.ts';

const run = promisify(execFile);
const path = (from: string) => fileURLToPath(new URL(from, import.meta.url));
const cli = path('../../../dist/cli.js');
const shipped = ['phases', 'own-verifier'].map((name) => path(`../../harbor/field/${name}`));

/** Rewards by task and agent, such as `phases oracle`; undefined where there was none. */
type Rewards = Map<string, number | undefined>;

/**
 * Plays Harbor tasks by the reference and by an agent that does nothing, under both, and compares the rewards.
 * `own` is a folder of more of them.
 */
export async function compareRewards(
  own: string | undefined,
  out: string,
  env: NodeJS.ProcessEnv,
): Promise<Check[]> {
  const tasks = join(out, 'tasks');
  cpSync(ownTask, join(tasks, 'notes'), { recursive: true });
  for (const folder of shipped) fitTask(folder, join(tasks, basename(folder)));
  if (own !== undefined) cpSync(own, tasks, { recursive: true });
  const ours: Rewards = new Map();
  const theirs: Rewards = new Map();
  for (const agent of ['oracle', 'nop']) {
    for (const one of await proctorRewards(tasks, agent, join(out, 'proctor'))) ours.set(...one);
    for (const one of await harborRewards(tasks, agent, join(out, `harbor-${agent}`), env))
      theirs.set(...one);
  }
  return [...new Set([...ours.keys(), ...theirs.keys()])].sort().map((cell) => {
    const [a, b] = [ours.get(cell), theirs.get(cell)].map((reward) => reward ?? 'none');
    const what = `the same reward under Proctor and Harbor: ${cell}`;
    return a === b ? { what: `${what}, ${a}` } : { what, failed: `Proctor ${a}, Harbor ${b}` };
  });
}

/**
 * Copies a task that is written for an image with a registry: from the image that is here, with its working directory in
 * it, which Harbor does not make, and with an open network, which Harbor closes by an image that has to be pulled.
 */
function fitTask(folder: string, copy: string): void {
  cpSync(folder, copy, { recursive: true });
  for (const file of filesBelow(copy)) {
    const text = readFileSync(file, 'utf8');
    const fitted = text.replaceAll(/^(docker_image|network_mode) = .*$/gm, '');
    writeFileSync(file, fitted.replaceAll('ubuntu:24.04', image));
  }
  mkdirSync(join(copy, 'environment'), { recursive: true });
  writeFileSync(join(copy, 'environment/Dockerfile'), `FROM ${image}\nWORKDIR /app\n`);
}

const proctorRun = z.object({
  trials: z.array(z.object({ task: z.string(), reward: z.number().optional() })),
});

type Cell = [name: string, reward: number | undefined];

async function proctorRewards(tasks: string, agent: string, out: string): Promise<Cell[]> {
  const args = [cli, 'run', tasks, '--agent', agent, '--sandbox', 'docker', '--json', '--out', out];
  const { stdout } = await tolerant(run(process.execPath, args, { maxBuffer: 1 << 28 }));
  const { trials } = proctorRun.parse(JSON.parse(stdout));
  return trials.map(({ task, reward }) => [`${basename(task)} ${agent}`, reward]);
}

const harborTrial = z.object({
  config: z.object({ task: z.object({ path: z.string() }) }),
  verifier_result: z.object({ rewards: z.object({ reward: z.number().optional() }).nullish() }).nullish(),
});

/** Harbor takes one agent a job. */
async function harborRewards(
  tasks: string,
  agent: string,
  out: string,
  env: NodeJS.ProcessEnv,
): Promise<Cell[]> {
  const args = ['run', '--path', tasks, '--agent', agent, '--n-concurrent', '2', '--jobs-dir', out];
  await tolerant(run('harbor', [...args, '--quiet', '--yes'], { env, maxBuffer: 1 << 28 }));
  return filesBelow(out)
    .filter((file) => file.endsWith('/result.json'))
    .map((file) => harborTrial.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data)
    .flatMap((trial): Cell[] =>
      trial ? [[`${basename(trial.config.task.path)} ${agent}`, trial.verifier_result?.rewards?.reward]] : [],
    );
}

/** What a program said, also where it ended otherwise than with 0. */
const tolerant = (running: Promise<{ stdout: string }>) =>
  running.catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
