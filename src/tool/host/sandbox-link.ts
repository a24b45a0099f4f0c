import type { ExecOptions, ExecResult, FileTree, NewFile, Sandbox } from '../../sandbox/sandbox.ts';
import type { ThreadLink } from '../../sandbox/thread-link.ts';
import type { HostSandbox } from '../host-server.ts';

type Health = Awaited<ReturnType<Sandbox['health']>>;

/** What a host module's thread asks of the trial's sandbox. */
export type SandboxRequests = {
  exec(params: { command: string; options: ExecOptions }, signal: AbortSignal): Promise<ExecResult>;
  health(): Promise<Health>;
  read(path: string): Promise<Uint8Array>;
  write(params: Parameters<Sandbox['files']['write']>): Promise<void>;
  collect(paths: string[]): Promise<NewFile[]>;
  survey(paths: string[]): Promise<FileTree>;
};

/** Answers a thread's requests with a sandbox. */
export function sandboxRequests(sandbox: () => Sandbox): SandboxRequests {
  return {
    exec: ({ command, options }, signal) => sandbox().exec(command, { ...options, signal }),
    health: () => sandbox().health(),
    read: (path) => sandbox().files.read(path),
    write: (params) => sandbox().files.write(...params),
    collect: (paths) => sandbox().files.collect(paths),
    survey: (paths) => sandbox().files.survey(paths),
  };
}

/** The sandbox as a host module in another thread has it, until another trial has its thread; then nothing is answered. */
export function linkedSandbox(
  { id, info }: Pick<Sandbox, 'id' | 'info'>,
  link: ThreadLink<SandboxRequests, never>,
  isOver: () => boolean,
): HostSandbox {
  const ask: typeof link.ask = (...request) => (isOver() ? new Promise(() => {}) : link.ask(...request));
  return {
    id,
    info,
    async exec(command, { signal, ...options } = {}) {
      const result = await ask('exec', { command, options }, signal);
      return { ...result, stdout: bufferOf(result.stdout), stderr: bufferOf(result.stderr) };
    },
    health: () => ask('health', undefined as never),
    files: {
      read: async (path) => bufferOf(await ask('read', path)),
      write: (...params) => ask('write', params),
      collect: (paths) => ask('collect', paths),
      survey: (paths) => ask('survey', paths),
    },
  };
}

/** Buffers arrive as plain byte arrays. */
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
