import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { ProctorError } from '../../errors.ts';
import type { SandboxProvider } from '../sandbox.ts';
import { user } from './layout.ts';
import { EmbeddedSandbox } from './sandbox.ts';
import { ThreadLimit } from './thread-limit.ts';
import { freshThreads, keptThreads } from './thread-shelf.ts';

export interface EmbeddedOptions {
  /** Megabytes of files per sandbox where the spec names none; 256 when absent. */
  storageMb?: number;
  /** How many Python and SQLite interpreters run at a time over all sandboxes; as many as there are cores when absent. */
  interpreters?: number;
  /** Threads that run commands at a time, and as many that wait for the next; 32 when absent. */
  threads?: number;
  /** Whether the thread of a closed sandbox serves another one: for scripts that are known. A fresh one for each when absent. */
  keepsThreads?: boolean;
}

/** The library's package does not export its own version. */
function engineName(): string {
  const entry = createRequire(import.meta.url).resolve('just-bash');
  const { version } = JSON.parse(readFileSync(join(entry, '../../../package.json'), 'utf8'));
  return `just-bash ${version}`;
}

/**
 * Sandboxes that are a simulated bash with files in memory: no engine, no processes, no network, no permissions.
 * They are isolated by having no access to the host, not by a kernel.
 */
export function embeddedProvider(options: EmbeddedOptions = {}): SandboxProvider {
  const engine = engineName();
  const interpreters = new PQueue({ concurrency: options.interpreters ?? availableParallelism() });
  const threads = options.keepsThreads ? keptThreads() : freshThreads;
  const limit = new ThreadLimit(options.threads);
  return {
    name: 'embedded',
    capabilities: new Set(),
    async prepare() {},
    async open(spec, signal) {
      if (signal?.aborted) throw new ProctorError('interrupted', 'opening the sandbox was aborted');
      const storageMb = spec.limits.storageMb ?? options.storageMb ?? 256;
      return EmbeddedSandbox.open({
        spec,
        info: { provider: 'embedded', profile: spec.profile, engine, user, workdir: spec.workdir },
        storageBytes: storageMb * 1024 * 1024,
        interpreters,
        threads,
        limit,
      });
    },
    async reap() {
      return 0;
    },
    close: () => threads.clear(),
  };
}
