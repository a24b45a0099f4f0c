import { fileURLToPath } from 'node:url';
import type { SandboxSpec } from '../../../src/sandbox/sandbox.ts';

/** The shipped shell image in small. */
export function specOf(changes: Partial<SandboxSpec> = {}): SandboxSpec {
  return {
    image: {
      kind: 'build',
      context: fileURLToPath(new URL('../../../sandbox-images/shell', import.meta.url)),
    },
    profile: 'hardened',
    workdir: '/work/task dir',
    env: { GREETING: "it's ü", LANG: 'C.UTF-8' },
    files: [{ path: '/work/task dir/given/note.txt', content: Buffer.from('given\n') }],
    limits: { memoryMb: 256, cpus: 1, pids: 128, storageMb: 300 },
    network: 'none',
    labels: { run: 'test', trial: 'test' },
    ...changes,
  };
}
