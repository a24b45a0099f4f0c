import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import type { OutputStream } from '../output-capture.ts';
import type { SpawnedProcess } from '../sandbox.ts';
import { type Channel, type ExecRequest, execChannel } from './channel.ts';
import type { RunningContainer } from './container.ts';

/** Reports its process id on stderr, then becomes the program; the engine has made it the leader of its own group. */
const leader = ['sh', '-c', 'echo "$$" >&2; exec "$@"', 'sh'];

type ChunkListener = (chunk: Buffer) => void;

/** Starts a program with a stream of its own. */
export async function spawnIn(running: RunningContainer, request: ExecRequest): Promise<SpawnedProcess> {
  const [program = ''] = request.argv;
  const { channel, exec } = await execChannel(running.container, {
    ...request,
    argv: [...leader, ...request.argv],
  }).catch(async (error: unknown) => {
    throw await running.failure(error, `${program} could not be started in sandbox ${running.name}`);
  });
  return new ContainerProcess(running, program, channel, exec);
}

class ContainerProcess implements SpawnedProcess {
  readonly exited: Promise<number | null>;
  readonly #running: RunningContainer;
  readonly #program: string;
  readonly #channel: Channel;
  readonly #stdout = new Listeners();
  readonly #stderr = new Listeners();
  /** The first bytes of stderr, until they hold the process id. */
  #head = '';
  #pid: number | undefined;

  constructor(running: RunningContainer, program: string, channel: Channel, exec: Docker.Exec) {
    this.#running = running;
    this.#program = program;
    this.#channel = channel;
    channel.onOutput((stream, data) => this.#onOutput(stream, data));
    this.exited = channel.closed.then(async () => {
      const state = await exec.inspect().catch(() => undefined);
      return state?.ExitCode ?? null;
    });
  }

  onStdout(listener: ChunkListener): void {
    this.#stdout.add(listener);
  }

  onStderr(listener: ChunkListener): void {
    this.#stderr.add(listener);
  }

  async write(data: Uint8Array): Promise<void> {
    if (this.#channel.isClosed) throw new ProctorError('sandbox-failed', `${this.#program} has ended.`);
    this.#channel.write(data);
  }

  async kill(): Promise<void> {
    if (this.#pid !== undefined) this.#running.init.killGroup(this.#pid);
    else this.#channel.destroy();
  }

  #onOutput(stream: OutputStream, data: Buffer): void {
    if (stream === 'stdout') this.#stdout.emit(data);
    else if (this.#pid !== undefined) this.#stderr.emit(data);
    else this.#readPid(data);
  }

  #readPid(data: Buffer): void {
    this.#head += data.toString('latin1');
    const end = this.#head.indexOf('\n');
    if (end < 0) return;
    this.#pid = Number(this.#head.slice(0, end));
    if (end + 1 < this.#head.length) this.#stderr.emit(Buffer.from(this.#head.slice(end + 1), 'latin1'));
  }
}

/** Keeps what comes before the first listener. */
class Listeners {
  readonly #listeners: ChunkListener[] = [];
  readonly #early: Buffer[] = [];

  emit(chunk: Buffer): void {
    if (this.#listeners.length === 0) this.#early.push(chunk);
    for (const listener of this.#listeners) listener(chunk);
  }

  add(listener: ChunkListener): void {
    this.#listeners.push(listener);
    for (const chunk of this.#early.splice(0)) listener(chunk);
  }
}
