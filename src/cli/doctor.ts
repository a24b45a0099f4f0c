import { statfsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { openaiAgent } from '../agent/openai/openai.ts';
import { messageOf, ProctorError } from '../errors.ts';
import { engineAnswers } from '../sandbox/docker/engine.ts';
import { dockerProvider } from '../sandbox/docker/provider.ts';
import { embeddedProvider } from '../sandbox/embedded/provider.ts';
import { makeFolder } from './folder.ts';

/** One look at this machine. Without what is optional Proctor still does its main job. */
interface Look {
  name: string;
  optional?: boolean;
  /** Says what is there; throws what to do where it is missing or does not work. */
  at(): string | Promise<string>;
}

/** `proctor doctor`: says what works here and what to do about the rest. Throws `sandbox-failed` where nothing can run. */
export async function doctor({ out }: { out: string }): Promise<void> {
  const looks: Look[] = [
    { name: 'node', at: node },
    { name: 'docker engine', optional: true, at: engine },
    { name: 'embedded sandbox', at: embedded },
    { name: 'traces folder', at: () => traces(out) },
    { name: 'model endpoint', optional: true, at: model },
  ];
  const broken: string[] = [];
  for (const { name, optional, at } of looks) {
    let mark = pc.green('works  ');
    const detail = await Promise.resolve()
      .then(at)
      .catch((error) => {
        mark = optional ? pc.yellow('absent ') : pc.red('broken ');
        if (!optional) broken.push(name);
        return messageOf(error);
      });
    process.stdout.write(`${mark} ${name.padEnd(18)} ${detail}\n`);
  }
  if (broken.length > 0)
    throw new ProctorError('sandbox-failed', `${broken.join(', ')}: needed, and does not work`);
}

/** `proctor clean`: removes what killed runs left behind. Throws `engine-unreachable`. */
export async function clean(): Promise<void> {
  const engine = await engineAnswers();
  if (!engine.ok) throw new ProctorError('engine-unreachable', engine.reason);
  const provider = dockerProvider({ runId: 'clean', poolSize: 0 });
  const removed = await provider.reap({ kept: true });
  await provider.close();
  process.stdout.write(
    removed === 0 ? 'nothing was left behind\n' : `removed ${removed} sandbox${removed === 1 ? '' : 'es'}\n`,
  );
}

function node(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return process.version;
  throw new Error(`${process.version}; install Node 20.19 or newer`);
}

async function engine(): Promise<string> {
  const answer = await engineAnswers();
  if (answer.ok) return answer.version;
  throw new Error(`${answer.reason} Until then the embedded sandbox is used.`);
}

async function embedded(): Promise<string> {
  const provider = embeddedProvider();
  try {
    const sandbox = await provider.open({
      image: { kind: 'reference', reference: '' },
      profile: 'hardened',
      workdir: '/home/agent/work',
      files: [],
      limits: { memoryMb: 256, cpus: 1, pids: 64 },
      network: 'none',
      labels: { run: 'doctor', trial: 'doctor' },
    });
    const { exitCode } = await sandbox.exec('echo ok', { timeoutMs: 10_000 });
    await sandbox.close();
    if (exitCode === 0) return sandbox.info.engine;
    throw new Error(`${sandbox.info.engine}: a command that says ok ended with exit code ${exitCode}`);
  } finally {
    await provider.close();
  }
}

async function traces(out: string): Promise<string> {
  try {
    makeFolder(`--out ${out}`, out);
    const probe = join(out, `.doctor-${process.pid}`);
    writeFileSync(probe, '');
    await rm(probe);
    const { bavail, bsize } = statfsSync(out);
    return `${out}, ${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free`;
  } catch (error) {
    throw new Error(`${out} can’t be written: ${messageOf(error)}; give another with --out`);
  }
}

async function model(): Promise<string> {
  const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;
  if (!url && !key)
    throw new Error('set OPENAI_API_KEY, and OPENAI_BASE_URL for a server other than OpenAI’s');
  await openaiAgent({ model: 'any' }).check?.([]);
  return url ?? 'OpenAI';
}
