import { messageOf, ProctorError } from '../errors.ts';
import type { SandboxProvider, SandboxSpec } from '../sandbox/sandbox.ts';

/**
 * Removes what an earlier run left and prepares every image. Where one can't be built or pulled, each of its trials fails with the
 * same error, and nothing is built again.
 */
export async function preparedProvider(
  provider: SandboxProvider,
  specs: Iterable<SandboxSpec>,
  note: (line: string) => void,
): Promise<SandboxProvider> {
  const removed = await provider.reap();
  if (removed > 0) note(`removed ${removed} sandbox${removed === 1 ? '' : 'es'} left by an earlier run`);
  const failures = new Map<string, ProctorError>();
  const seen = new Set<string>();
  for (const spec of specs) {
    if (seen.has(keyOf(spec))) continue;
    seen.add(keyOf(spec));
    try {
      await provider.prepare(spec, note);
    } catch (error) {
      const failure =
        error instanceof ProctorError
          ? error
          : new ProctorError('sandbox-failed', messageOf(error), { cause: error });
      failures.set(keyOf(spec), failure);
      note(failure.message);
    }
  }
  return {
    ...provider,
    open(spec, signal) {
      const failure = failures.get(keyOf(spec));
      return failure ? Promise.reject(failure) : provider.open(spec, signal);
    },
  };
}

/** Prepares an image when a sandbox of it is first opened; one that can't be built or pulled then is tried again by the next. */
export function preparingProvider(provider: SandboxProvider, note: (line: string) => void): SandboxProvider {
  const prepared = new Map<string, Promise<void>>();
  return {
    ...provider,
    async open(spec, signal) {
      const key = keyOf(spec);
      const preparing = prepared.get(key) ?? provider.prepare(spec, note);
      prepared.set(key, preparing);
      await preparing.catch((error) => {
        prepared.delete(key);
        throw error;
      });
      return provider.open(spec, signal);
    },
  };
}

const keyOf = (spec: SandboxSpec) => JSON.stringify(spec.image);
