import { ProctorError } from '../errors.ts';

/** Throws what says that the infrastructure or the sandbox is broken; another failure only leaves one question unanswered. */
export function rethrowIfBroken(error: unknown): void {
  if (error instanceof ProctorError && error.kind === 'infrastructure' && error.code !== 'sandbox-failed')
    throw error;
}
