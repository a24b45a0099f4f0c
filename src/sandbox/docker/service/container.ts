import { posix } from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { ProctorError } from '../../../errors.ts';
import { defaultCaptureBytes, OutputCapture } from '../../output-capture.ts';
import type { ExecOptions, ExecResult } from '../../sandbox.ts';
import type { ServiceSpec } from '../../service.ts';
import { shellWord } from '../../shell-word.ts';
import type { ArchivedContainer } from '../archive.ts';
import { demultiplexer, execChannel } from '../channel.ts';
import { engineError } from '../engine.ts';
import { type Spawning, spawnIn } from '../spawned-process.ts';

/** Lines of what a service printed that an error shows. */
const shownLines = 20;
const goneExitCode = 137;

/** The container of one service. */
export class ServiceContainer implements ArchivedContainer, Spawning {
  readonly service: ServiceSpec;
  /** What errors call it. */
  readonly name: string;
  readonly container: Docker.Container;
  readonly init = {
    killGroup: (pid: number) => {
      const argv = ['sh', '-c', `kill -9 -${pid}`];
      execChannel(this.container, { argv, user: 'root' }).catch(() => {});
    },
  };

  constructor(service: ServiceSpec, container: Docker.Container) {
    this.service = service;
    this.name = `of the service ${service.name}`;
    this.container = container;
  }

  /** What is mounted in memory is seen from inside alone, while the service runs. */
  async archive(path: string): Promise<NodeJS.ReadableStream> {
    const isInMemory = this.service.mounts.some(
      ({ kind, target }) => kind === 'tmpfs' && (path === target || path.startsWith(`${target}/`)),
    );
    if (!isInMemory) return this.container.getArchive({ path });
    const [folder, name] = [posix.dirname(path), posix.basename(path)].map(shellWord);
    const { stdout, exitCode } = await this.exec(`tar -C ${folder} -cf - ${name}`, {});
    if (exitCode === 0) return Readable.from([stdout]);
    throw Object.assign(new Error(`nothing at ${path}`), { statusCode: 404 });
  }

  /** A stopped one has its files still. */
  async death(): Promise<string | undefined> {
    return this.container.inspect().then(
      () => undefined,
      () => 'the container is gone',
    );
  }

  async failure(error: unknown, what: string): Promise<ProctorError> {
    return engineError(error, 'sandbox-failed', what);
  }

  /** Runs a command line in a shell of its own; where the service does not run, that is its result. */
  async exec(command: string, options: ExecOptions): Promise<ExecResult> {
    const begun = performance.now();
    const { State } = await this.container.inspect();
    if (!State.Running) return notRunning(this.service.name, begun);
    const { timeoutMs, signal, captureBytes = defaultCaptureBytes, dropsExcess = false, env } = options;
    const program = await spawnIn(this, {
      argv: ['sh', '-c', command],
      user: options.user ?? 'root',
      ...(env && { env }),
    });
    let timedOut = false;
    const kill = () => void program.kill();
    const capture = new OutputCapture(captureBytes, () => !dropsExcess && kill());
    program.onStdout((chunk) => capture.add('stdout', chunk));
    program.onStderr((chunk) => capture.add('stderr', chunk));
    const timer = setTimeout(
      () => {
        timedOut = true;
        kill();
      },
      timeoutMs ?? 2 ** 31 - 1,
    );
    signal?.addEventListener('abort', kill);
    try {
      const exitCode = (await program.exited) ?? goneExitCode;
      return { ...capture.result(), exitCode, timedOut, durationMs: performance.now() - begun };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
    }
  }

  /** The last lines that it printed, on one line; empty where the engine has none. */
  async lastLines(): Promise<string> {
    const log = await this.container
      .logs({ stdout: true, stderr: true, tail: shownLines, follow: false })
      .catch(() => Buffer.alloc(0));
    let text = '';
    if (this.service.tty) text = log.toString('utf8');
    else demultiplexer((_, data) => (text += data.toString('utf8')))(log);
    return text.trim();
  }
}

function notRunning(service: string, begun: number): ExecResult {
  return {
    stdout: Buffer.alloc(0),
    stderr: Buffer.from(`the service ${service} is not running\n`),
    exitCode: goneExitCode,
    timedOut: false,
    captureCut: false,
    durationMs: performance.now() - begun,
  };
}
