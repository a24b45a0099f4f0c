import { afterAll } from 'vitest';
import { embeddedProvider } from '../../../src/sandbox/embedded/provider.ts';
import type { ExecOptions, Sandbox, SandboxSpec } from '../../../src/sandbox/sandbox.ts';

export const embeddedSpec: SandboxSpec = {
  image: { kind: 'reference', reference: 'none' },
  profile: 'hardened',
  workdir: '/work',
  files: [],
  limits: { memoryMb: 256, cpus: 1, pids: 64 },
  network: 'none',
  labels: { run: 'test', trial: 'test' },
};

/** Opens sandboxes for the tests of one file and closes them at its end. */
export function sandboxes(storageMb?: number) {
  const provider = embeddedProvider(storageMb === undefined ? {} : { storageMb });
  const open: Sandbox[] = [];
  afterAll(async () => {
    for (const sandbox of open) await sandbox.close();
    await provider.close();
  });
  return async (spec: Partial<SandboxSpec> = {}) => {
    const sandbox = await provider.open({ ...embeddedSpec, ...spec });
    open.push(sandbox);
    return sandbox;
  };
}

/** What a command printed and how it ended, as text. */
export async function say(sandbox: Sandbox, command: string, options?: ExecOptions) {
  const { stdout, stderr, exitCode } = await sandbox.exec(command, options);
  return { out: stdout.toString(), err: stderr.toString(), code: exitCode };
}
