import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { demultiplexer, type OutputStream } from './demultiplexer.ts';

/** One hijacked stream to a process in a container. */
export interface Channel {
  write(data: string | Uint8Array): void;
  /** Replaces the listener; what came before there was one is given to the first. */
  onOutput(listener: (stream: OutputStream, data: Buffer) => void): void;
  /** Settles when the stream is gone; never rejects. */
  readonly closed: Promise<void>;
  readonly isClosed: boolean;
  /** Ends the process's input. */
  end(): void;
  destroy(): void;
}

/** The streams of a container's main process; to be called before it is started, so that nothing is missed. */
export async function attachChannel(container: Docker.Container): Promise<Channel> {
  const options = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
  return channelOver((await container.attach(options)) as Duplex);
}

export interface ExecRequest {
  argv: string[];
  user: string;
  env?: Record<string, string>;
  cwd?: string;
}

/** Starts a further process in a running container. */
export async function execChannel(
  container: Docker.Container,
  request: ExecRequest,
): Promise<{ channel: Channel; exec: Docker.Exec }> {
  const exec = await container.exec({
    Cmd: request.argv,
    User: request.user,
    Env: Object.entries(request.env ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(request.cwd === undefined ? {} : { WorkingDir: request.cwd }),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  });
  return { channel: channelOver(await exec.start({ hijack: true, stdin: true })), exec };
}

function channelOver(stream: Duplex): Channel {
  const early: [OutputStream, Buffer][] = [];
  let listener: (stream: OutputStream, data: Buffer) => void = (...output) => early.push(output);
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    const close = () => {
      isClosed = true;
      resolve();
    };
    stream.once('end', close).once('close', close).on('error', close);
  });
  const demultiplex = demultiplexer((output, data) => listener(output, data));
  stream.on('data', demultiplex);
  return {
    write: (data) => {
      if (!isClosed && stream.writable) stream.write(data);
    },
    onOutput: (next) => {
      listener = next;
      for (const output of early.splice(0)) next(...output);
    },
    closed,
    get isClosed() {
      return isClosed;
    },
    end: () => stream.end(),
    destroy: () => stream.destroy(),
  };
}
