import { once } from 'node:events';
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
  const resize = () => void exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => {});
  stdin.setRawMode(true);
  stdin.pipe(stream);
  stream.pipe(stdout, { end: false });
  stdout.on('resize', resize);
  resize();
  try {
    await once(stream, 'end');
  } finally {
    stdout.off('resize', resize);
    stdin.unpipe(stream);
    stdin.setRawMode(false);
    stdin.pause();
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
