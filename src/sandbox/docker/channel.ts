import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { OutputStream } from '../output-capture.ts';

/** Of a container that `attachChannel` is to talk to, and that ends when its input does unless it is to outlive this process. */
export const talksOverStdin = {
  Tty: false,
  OpenStdin: true,
  StdinOnce: true,
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
} satisfies Docker.ContainerCreateOptions;

type OutputListener = (stream: OutputStream, data: Buffer) => void;

/** One hijacked stream to a process in a container. */
export class Channel {
  /** Resolves when the stream is gone; never rejects. */
  readonly closed: Promise<void>;
  readonly #stream: Duplex;
  readonly #early: [OutputStream, Buffer][] = [];
  #listener: OutputListener = (...output) => this.#early.push(output);
  #isClosed = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.closed = new Promise((resolve) => {
      const close = () => {
        this.#isClosed = true;
        resolve();
      };
      stream.once('end', close).once('close', close).on('error', close);
    });
    const demultiplex = demultiplexer((output, data) => this.#listener(output, data));
    stream.on('data', demultiplex);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  write(data: string | Uint8Array): void {
    if (!this.#isClosed && this.#stream.writable) this.#stream.write(data);
  }

  /** Replaces the listener; the first one is given what came before it. */
  onOutput(listener: OutputListener): void {
    this.#listener = listener;
    for (const output of this.#early.splice(0)) listener(...output);
  }

  /** Ends the process's input. */
  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }
}

/** The streams of a container's main process; to be called before it is started, so that no output is missed. */
export async function attachChannel(container: Docker.Container): Promise<Channel> {
  const options = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
  return new Channel((await container.attach(options)) as Duplex);
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
  return { channel: new Channel(await exec.start({ hijack: true, stdin: true })), exec };
}

const headerBytes = 8;

/**
 * Splits an engine's multiplexed stream. Takes chunks as they come, split anywhere; `onData` gets each piece of payload in order,
 * without copying. A frame is one byte for the stream (2 is stderr), three zeros, four bytes of length (big endian), and the payload.
 */
export function demultiplexer(onData: OutputListener): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let remaining = 0;
  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (remaining === 0) {
        const taken = chunk.copy(header, headerFilled, offset, offset + headerBytes - headerFilled);
        headerFilled += taken;
        offset += taken;
        if (headerFilled < headerBytes) return;
        headerFilled = 0;
        remaining = header.readUInt32BE(4);
        continue;
      }
      const data = chunk.subarray(offset, offset + remaining);
      offset += data.length;
      remaining -= data.length;
      onData(header[0] === 2 ? 'stderr' : 'stdout', data);
    }
  };
}
