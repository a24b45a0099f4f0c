import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { harmless } from '../../format.ts';
import type { Terminal } from '../sandbox.ts';
import { execChannel } from './channel.ts';
import type { RunningContainer } from './container.ts';

const shell = ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash; exec sh'];

interface ShellOwner {
  user: string;
  cwd: string;
  env: Record<string, string>;
}

/** Connects a terminal, or a pair of pipes, to a shell in a container; resolves when the shell ends. */
export async function enterContainer(
  running: RunningContainer,
  owner: ShellOwner,
  terminal: Terminal,
): Promise<void> {
  if (terminal.stdin.isTTY && terminal.stdout.isTTY) await overTerminal(running, owner, terminal);
  else await overPipes(running, owner, terminal);
}

async function overTerminal({ container }: RunningContainer, owner: ShellOwner, { stdin, stdout }: Terminal) {
  const exec = await container.exec({
    Cmd: shell,
    User: owner.user,
    WorkingDir: owner.cwd,
    Env: [...Object.entries(owner.env), ['TERM', process.env.TERM ?? 'xterm']].map((pair) => pair.join('=')),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
  const ended = once(stream, 'end');
  const setSize = () => exec.resize({ h: stdout.rows, w: stdout.columns });
  const resize = () => void setSize().catch(() => {});
  stdin.setRawMode(true);
  stream.pipe(stdout, { end: false });
  stdout.on('resize', resize);
  try {
    await Promise.race([ended, retried(setSize)]);
    stdin.pipe(stream);
    await ended;
  } finally {
    stdout.off('resize', resize);
    stdin.unpipe(stream);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

const sizeAttempts = 40;
const sizeRetryMs = 50;

/** The engine accepts a size only once the program runs, which may be a while after its start was confirmed. */
async function retried(setSize: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < sizeAttempts; attempt++) {
    try {
      await setSize();
      return;
    } catch {
      await sleep(sizeRetryMs);
    }
  }
}

async function overPipes(running: RunningContainer, owner: ShellOwner, { stdin, stdout }: Terminal) {
  const { channel } = await execChannel(running.container, { argv: shell, ...owner });
  // Only a person's own terminal is given control characters as they are.
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  channel.onOutput((stream, data) => stdout.write(harmless(decoders[stream].write(data))));
  const send = (data: Buffer) => channel.write(data);
  const end = () => channel.end();
  stdin.on('data', send).on('end', end);
  await channel.closed;
  stdin.off('data', send).off('end', end);
  stdin.pause();
}
