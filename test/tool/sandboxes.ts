import { fileURLToPath } from 'node:url';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { SandboxProvider, SandboxSpec } from '../../src/sandbox/sandbox.ts';

/** A sandbox for tools, in the shipped shell image where an image is needed. */
export const toolSandbox: SandboxSpec = {
  image: {
    kind: 'build',
    context: fileURLToPath(new URL('../../sandbox-images/shell', import.meta.url)),
  },
  profile: 'hardened',
  workdir: '/home/agent/work',
  files: [],
  limits: { memoryMb: 256, cpus: 1, pids: 128 },
  network: 'none',
  labels: { run: 'test-tool', trial: 'test-tool' },
};

export const providers: Record<'docker' | 'embedded', () => SandboxProvider> = {
  embedded: () => embeddedProvider(),
  docker: () => dockerProvider({ runId: 'test-tool' }),
};
