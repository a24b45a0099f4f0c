import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import type { SpawnedProcess } from '../sandbox.ts';
import { type ExecRequest, execChannel } from './channel.ts';

/** Reports its process id on stderr, then becomes the program; the engine has made it the leader of its own group. */
const leader = ['sh', '-c', 'echo "$$" >&2; exec "$@"', 'sh'];

/** What a container is for those who start programs in it. */
export interface Spawning {
  readonly name: string;
  readonly container: Docker.Container;
  failure(error: unknown, what: string): Promise<ProctorError>;
  init: { killGroup(pid: number): void };
}

/** Starts a program with a stream of its own; `onPid` is told its number in the container. */
export async function spawnIn(
  running: Spawning,
  request: ExecRequest,
  onPid: (pid: number) => void = () => {},
): Promise<SpawnedProcess> {
  const { channel, exec } = await execChannel(running.container, {
    ...request,
    argv: [...leader, ...request.argv],
  }).catch(async (error: unknown) => {
    throw await running.failure(error, `${request.argv[0]} could not be started in sandbox ${running.name}`);
  });
  // They keep what comes before the first listener.
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  /** The first bytes of stderr, until they hold the process id. */
  let head = '';
  let pid: number | undefined;
  channel.onOutput((stream, data) => {
    if (stream === 'stdout') return stdout.write(data);
    if (pid !== undefined) return stderr.write(data);
    head += data.toString('latin1');
    const end = head.indexOf('\n');
    if (end < 0) return;
    pid = Number(head.slice(0, end));
    onPid(pid);
    if (end + 1 < head.length) stderr.write(Buffer.from(head.slice(end + 1), 'latin1'));
  });
  const exited = channel.closed.then(async () => {
    const state = await exec.inspect().catch(() => undefined);
    return state?.ExitCode ?? null;
  });
  return {
    exited,
    onStdout: (listener) => stdout.on('data', listener),
    onStderr: (listener) => stderr.on('data', listener),
    write: async (data) => {
      if (channel.isClosed) throw new ProctorError('sandbox-failed', `${request.argv[0]} has ended.`);
      channel.write(data);
    },
    kill: async () => {
      if (pid !== undefined) running.init.killGroup(pid);
      else channel.destroy();
    },
  };
}
