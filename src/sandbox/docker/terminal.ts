import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from '../sandbox.ts';
import { execChannel } from './channel.ts';
import type { RunningContainer } from './container.ts';

const shell = ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash; exec sh'];

interface Who {
  user: string;
  cwd: string;
  env: Record<string, string>;
}

/** Joins a terminal, or a pair of pipes, to a shell in a container; settles when that ends. */
export async function enterContainer(running: RunningContainer, who: Who, terminal: Terminal): Promise<void> {
  if (terminal.stdin.isTTY && terminal.stdout.isTTY) await overTerminal(running, who, terminal);
  else await overPipes(running, who, terminal);
}

async function overTerminal({ container }: RunningContainer, who: Who, { stdin, stdout }: Terminal) {
  const exec = await container.exec({
    Cmd: shell,
    User: who.user,
    WorkingDir: who.cwd,
    Env: [...Object.entries(who.env), ['TERM', process.env.TERM ?? 'xterm']].map((pair) => pair.join('=')),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
  const ended = once(stream, 'end');
  const takeSize = () => exec.resize({ h: stdout.rows, w: stdout.columns });
  const resize = () => void takeSize().catch(() => {});
  stdin.setRawMode(true);
  stream.pipe(stdout, { end: false });
  stdout.on('resize', resize);
  try {
    await Promise.race([ended, atLast(takeSize)]);
    stdin.pipe(stream);
    await ended;
  } finally {
    stdout.off('resize', resize);
    stdin.unpipe(stream);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

const attempts = 40;
const pauseMs = 50;

/** The engine takes a size only once the program runs, which may be a while after its start was answered. */
async function atLast(takeSize: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const isTaken = await takeSize().then(
      () => true,
      () => false,
    );
    if (isTaken) return;
    await sleep(pauseMs);
  }
}

async function overPipes(running: RunningContainer, who: Who, { stdin, stdout }: Terminal) {
  const { channel } = await execChannel(running.container, { argv: shell, ...who });
  channel.onOutput((_, data) => stdout.write(data));
  const send = (data: Buffer) => channel.write(data);
  const end = () => channel.end();
  stdin.on('data', send).on('end', end);
  await channel.closed;
  stdin.off('data', send).off('end', end);
  stdin.pause();
}
