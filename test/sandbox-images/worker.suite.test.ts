import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { proctor } from '../cli/proctor.ts';
import { engine, engineNote } from '../engine.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { installed } from '../packed.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../queue/postgres.ts';

const image = `proctor-worker-test-${process.pid}`;
const socket = '/var/run/docker.sock';
const docker = (...args: string[]) =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: 'pipe' }).trim();

/** Node for this machine, as the images of agents have it. */
function nodePackage(): string {
  const name = `node-linux-${process.arch}`;
  const { optionalDependencies } = JSON.parse(readFileSync('sandbox-images/agents/pi/package.json', 'utf8'));
  return `${name}@${optionalDependencies[name]}`;
}

const task = () =>
  folderOf({
    'task.toml': '[task]\nname = "test/written"\n',
    'instruction.md': 'Write.',
    'proctor.toml':
      'environment = "shell"\n[verify]\nby = "state"\nmay_change = ["/home/agent/work/**"]\n[[verify.must]]\nname = "written"\ncheck = \'\'\'"/home/agent/work/n" in state\'\'\'\n',
    'agents/write.json': JSON.stringify([
      { tool: 'bash', arguments: { command: 'uname -n > n' } },
      { tool: 'submit', arguments: { answer: 'done' } },
    ]),
  });

describe.skipIf(!postgres || !engine)(`the image of a worker${postgresNote || engineNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  it('makes trials in sandboxes of the engine beside it, and hands over when it is stopped', async () => {
    const context = installed();
    const node = temporaryFolder();
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', node, nodePackage()], {
      stdio: 'pipe',
    });
    cpSync(join(node, 'node_modules'), join(context, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    docker(
      'build',
      '--network',
      'host',
      '-q',
      '-t',
      image,
      '-f',
      'sandbox-images/worker/Dockerfile',
      context,
    );
    onTestFinished(() => void docker('rmi', '-f', image));
    const local = await server.database();
    const queue = `postgres://proctor:secret@127.0.0.1:${server.port}${new URL(local).pathname}`;
    const out = temporaryFolder();
    const store = join(out, 'store');
    const worker = docker(
      ...['run', '-d', '--network', 'host', '--user', `${process.getuid?.()}:${process.getgid?.()}`],
      ...['--group-add', String(statSync(socket).gid), '-v', `${socket}:${socket}`, '-v', `${out}:${out}`],
      ...['-e', `PROCTOR_QUEUE=${queue}`, image, 'worker', '--sandbox', 'docker', '--metrics', '0'],
    );
    onTestFinished(() => void docker('rm', '-f', worker));
    const run = ['run', task(), '--agent', 'scripted:write', '-n', '2', '--sandbox', 'docker', '--out', out];
    const ran = await proctor([...run, '--queue', queue, '--store', store]);
    expect(ran.stderr).toContain('2 planned = 2 committed + 0 failed + 0 cancelled\n');
    expect(ran.stdout).toMatch(/submitted +1\.00/);
    docker('stop', '-t', '60', worker);
    expect(docker('inspect', '-f', '{{.State.ExitCode}}', worker)).toBe('0');
    const { stdout } = await proctor(['workers', '--queue', queue, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ committed: 2, running: 0, ended: true }]);
  });
});
