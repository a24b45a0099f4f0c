import { randomBytes } from 'node:crypto';
import { within } from '../within.ts';
import type { ExecRequest } from './channel.ts';
import type { RunningContainer } from './container.ts';
import { spawnIn } from './spawned-process.ts';

/** How long an ENTRYPOINT may take until it hands over to its command. */
const handOverMs = 10_000;

/**
 * Runs an image's ENTRYPOINT with a command that stays, as Harbor does, and waits until it has handed over to that command. What it
 * leaves running lives until the agent's processes are killed. Resolves with what went otherwise, in words; never rejects.
 */
export async function runEntrypoint(
  running: RunningContainer,
  { argv, ...request }: ExecRequest,
): Promise<string | undefined> {
  const mark = randomBytes(16).toString('hex');
  try {
    const stay = ['sh', '-c', `echo ${mark}; exec tail -f /dev/null`];
    const program = await spawnIn(running, { ...request, argv: [...argv, ...stay] });
    const handedOver = new Promise<true>((resolve) => {
      let tail = '';
      program.onStdout((chunk) => {
        tail = tail.slice(-mark.length) + chunk.toString('latin1');
        if (tail.includes(mark)) resolve(true);
      });
    });
    program.onStderr(() => {});
    const first = await within(handOverMs, Promise.race([handedOver, program.exited]));
    if (first === true) return undefined;
    return first === undefined
      ? `has not come to its command within ${handOverMs / 1000} s`
      : `ended with exit code ${first ?? 'unknown'} before its command`;
  } catch (error) {
    return `could not be run: ${(error as Error).message}`;
  }
}

/** Starts a program and leaves it running, whatever it prints; a healthcheck tells when it has done what it is for. */
export async function runProgram(running: RunningContainer, request: ExecRequest): Promise<void> {
  const program = await spawnIn(running, request);
  program.onStdout(() => {});
  program.onStderr(() => {});
}
