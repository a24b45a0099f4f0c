import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import { isFile } from '../../schema/author-folder.ts';
import { followProgress, type Progress } from './image-build.ts';

const run = promisify(execFile);

const packageFiles = ['package.json', 'package-lock.json'];

/** Engine's name of an architecture → npm's. */
const cpus: Record<string, string> = { amd64: 'x64', arm64: 'arm64' };

/**
 * The tag of an image that holds nothing but the npm packages that a folder locks, in `/node_modules`, as they are for the engine's
 * machine: fetched once by this machine's npm, with its registry and certificates, and without running any of their scripts. Undefined
 * where the folder locks none. Throws `image-build-failed` with npm's words.
 */
export async function ensureProgramImage(
  docker: Docker,
  folder: string,
  repository: string,
  progress: Progress,
): Promise<string | undefined> {
  if (!packageFiles.every((file) => isFile(join(folder, file)))) return undefined;
  const { Arch } = await docker.version();
  const digest = createHash('sha256').update(Arch);
  for (const file of packageFiles) digest.update(`\0${file}\0`).update(await readFile(join(folder, file)));
  const [repo, tag] = [`${repository}-packages`, digest.digest('hex').slice(0, 48)];
  const name = `${repo}:${tag}`;
  if (await isPresent(docker, name)) return name;
  progress(`fetching the packages of ${folder}`);
  const fetched = await mkdtemp(join(tmpdir(), 'proctor-packages-'));
  try {
    for (const file of packageFiles) await copyFile(join(folder, file), join(fetched, file));
    await install(fetched, cpus[Arch] ?? Arch, folder);
    const tar = spawn('tar', ['-cf', '-', '--owner=0', '--group=0', 'node_modules'], {
      cwd: fetched,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const messages = await docker.importImage(tar.stdout, { repo, tag });
    await followProgress(docker, messages, progress);
    return name;
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
}

async function install(dir: string, cpu: string, folder: string): Promise<void> {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--os=linux', '--libc=glibc', `--cpu=${cpu}`];
  try {
    // `npm ci` refuses locks that leave optional packages out, which registries may lack for some machines.
    await run('npm', ['install', ...flags], { cwd: dir, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const lines = stderr.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
    const isWords = (line: string) => !/^npm \S+ (code|syscall|path|dest|errno) /.test(line);
    const why = lines.find(isWords)?.replace(/^npm (error|ERR!) /, '');
    throw new ProctorError(
      'image-build-failed',
      `${folder}/package-lock.json: npm could not fetch what it names: ${why ?? messageOf(error)}`,
      { cause: error },
    );
  }
}

async function isPresent(docker: Docker, name: string): Promise<boolean> {
  return docker
    .getImage(name)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}
