import { createHash } from 'node:crypto';
import type {
  ExecOptions,
  ExecResult,
  FileTree,
  Sandbox,
  SandboxProvider,
} from '../../src/sandbox/sandbox.ts';

interface Said extends Partial<Omit<ExecResult, 'stdout' | 'stderr'>> {
  stdout?: string;
  stderr?: string;
}

/** What a command does to the files and says; `undefined` says nothing, with exit code 0. */
export type Shell = (
  command: string,
  files: Map<string, string>,
  options: ExecOptions,
) => Said | undefined | Promise<Said | undefined>;

/** A sandbox of a map of files, whose shell is a function. */
export interface FakeSandbox extends Sandbox {
  readonly held: Map<string, string>;
  /** What was run in it, as whom. */
  readonly ran: string[];
  closed: boolean;
}

const isBelow = (path: string, folder: string) =>
  path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`);

export function fakeSandbox(shell: Shell = () => undefined, more: Partial<Sandbox> = {}): FakeSandbox {
  const held = new Map<string, string>();
  const ran: string[] = [];
  const below = (paths: string[]) =>
    [...held].filter(([path]) => paths.some((folder) => isBelow(path, folder)));
  return {
    held,
    ran,
    closed: false,
    id: 'fake',
    info: { provider: 'embedded', profile: 'hardened', engine: 'fake', user: 'agent', workdir: '/work' },
    async exec(command, options = {}) {
      ran.push(`${options.as ?? 'agent'}: ${command}`);
      const { stdout = '', stderr = '', ...said } = (await shell(command, held, options)) ?? {};
      return {
        exitCode: 0,
        timedOut: false,
        captureCut: false,
        durationMs: 1,
        ...said,
        stdout: Buffer.from(stdout),
        stderr: Buffer.from(stderr),
      };
    },
    spawn: () => Promise.reject(new Error('a fake sandbox starts nothing')),
    files: {
      read: async (path) => Buffer.from(held.get(path) ?? ''),
      async write(files) {
        for (const { path, content } of files) held.set(path, Buffer.from(content).toString());
      },
      collect: async (paths) => below(paths).map(([path, text]) => ({ path, content: Buffer.from(text) })),
      survey: async (paths) =>
        Object.fromEntries(below(paths).map(([path, text]) => [path, entryOf(text)])) satisfies FileTree,
      contents: async (files) =>
        new Map(files.map(({ path, sha256 }) => [sha256, Buffer.from(held.get(path) ?? '')])),
    },
    quiesce: async () => ({ count: 0, processes: [] }),
    resume: async () => {},
    health: async () => ({ alive: true }),
    async close() {
      this.closed = true;
    },
    ...more,
  };
}

function entryOf(text: string): FileTree[string] {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { type: 'file', mode: '644', size: text.length, sha256 };
}

/** Gives these sandboxes, one after the other, the last one ever again. */
export function fakeProvider(...sandboxes: [Sandbox, ...Sandbox[]]): SandboxProvider {
  let opened = 0;
  return {
    name: 'embedded',
    capabilities: new Set(),
    prepare: async () => {},
    open: async () => sandboxes[Math.min(opened++, sandboxes.length - 1)] ?? sandboxes[0],
    reap: async () => 0,
    close: async () => {},
  };
}
