import { ProctorError } from '../errors.ts';

/** Throws what says that the house or the sandbox is broken; other failures are only that of one question. */
export function rethrowIfBroken(error: unknown): void {
  if (error instanceof ProctorError && error.kind === 'infrastructure' && error.code !== 'sandbox-failed')
    throw error;
}
