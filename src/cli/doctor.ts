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

/** What one look found: whether it works, and what to do where it does not. */
interface Finding {
  name: string;
  works: boolean;
  /** Without it Proctor still does its main job. */
  optional: boolean;
  detail: string;
}

/** `proctor doctor`: says what works here and what to do about the rest. Throws `sandbox-failed` where nothing can run. */
export async function doctor({ out }: { out: string }): Promise<void> {
  const findings = [node(), await engine(), await embedded(), await traces(out), await model()];
  for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
  const broken = findings.filter((finding) => !finding.works && !finding.optional);
  if (broken.length > 0) {
    throw new ProctorError(
      'sandbox-failed',
      `${broken.map((finding) => finding.name).join(', ')}: needed, and does not work`,
    );
  }
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

function line({ name, works, optional, detail }: Finding): string {
  const mark = works ? pc.green('works  ') : optional ? pc.yellow('absent ') : pc.red('broken ');
  return `${mark} ${name.padEnd(18)} ${detail}`;
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const works = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    works,
    optional: false,
    detail: works ? process.version : `${process.version}; install Node 20.19 or newer`,
  };
}

async function engine(): Promise<Finding> {
  const answer = await engineAnswers();
  return {
    name: 'docker engine',
    works: answer.ok,
    optional: true,
    detail: answer.ok ? answer.version : `${answer.reason} Until then the embedded sandbox is used.`,
  };
}

async function embedded(): Promise<Finding> {
  const provider = embeddedProvider();
  const name = 'embedded sandbox';
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
    return { name, works: exitCode === 0, optional: false, detail: sandbox.info.engine };
  } catch (error) {
    return { name, works: false, optional: false, detail: messageOf(error) };
  } finally {
    await provider.close();
  }
}

async function traces(out: string): Promise<Finding> {
  const name = 'traces folder';
  try {
    makeFolder(`--out ${out}`, out);
    const probe = join(out, `.doctor-${process.pid}`);
    writeFileSync(probe, '');
    await rm(probe);
    const { bavail, bsize } = statfsSync(out);
    return {
      name,
      works: true,
      optional: false,
      detail: `${out}, ${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free`,
    };
  } catch (error) {
    return {
      name,
      works: false,
      optional: false,
      detail: `${out} can’t be written: ${messageOf(error)}; give another with --out`,
    };
  }
}

async function model(): Promise<Finding> {
  const name = 'model endpoint';
  const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;
  if (!url && !key) {
    return {
      name,
      works: false,
      optional: true,
      detail: 'set OPENAI_API_KEY, and OPENAI_BASE_URL for a server other than OpenAI’s',
    };
  }
  try {
    await openaiAgent({ model: 'any' }).check?.([]);
    return { name, works: true, optional: true, detail: url ?? 'OpenAI' };
  } catch (error) {
    return { name, works: false, optional: true, detail: messageOf(error) };
  }
}
