import { type ErrorKind, messageOf, ProctorError } from '../errors.ts';
import { say } from './print.ts';

const exitCodes: Record<ErrorKind, number> = { gate: 1, author: 2, infrastructure: 3, interrupted: 130 };

/** Exit code of a failure: 1 a gate, 2 the author's mistake, 3 a failure of the infrastructure, 130 interrupted. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ProctorError ? exitCodes[error.kind] : 3;
}

/** Prints bad news on stderr: one line where the error is known, its stack where it is a mistake of ours. */
export function report(error: unknown): void {
  if (error instanceof ProctorError) {
    say(`proctor: ${messageOf(error)}`);
    return;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`proctor: an unexpected error, please report it:\n${trace}`);
}
