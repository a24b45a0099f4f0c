import { ProctorError } from '../errors.ts';

/** Throws an error that means a broken sandbox or infrastructure. Another one only means that a probe has no answer. */
export function rethrowIfBroken(error: unknown): void {
  if (error instanceof ProctorError && error.kind === 'infrastructure' && error.code !== 'sandbox-failed')
    throw error;
}
