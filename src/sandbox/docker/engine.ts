import Docker from 'dockerode';
import { messageOf, ProctorError } from '../../errors.ts';
import { within } from '../within.ts';

const answerTimeoutMs = 3_000;

/** A client for the engine that `DOCKER_HOST` names, or for the local socket. */
export function connectEngine(): Docker {
  return new Docker();
}

/** Whether a container engine answers, and if not, why, in one line. Takes at most 3 seconds; never throws. */
export async function engineAnswers(
  docker: Docker = connectEngine(),
): Promise<{ ok: true; version: string } | { ok: false; reason: string }> {
  try {
    const answer = await within(answerTimeoutMs, docker.version());
    if (!answer) throw new Error(`no answer within ${answerTimeoutMs} ms`);
    return { ok: true, version: answer.Version };
  } catch (error) {
    return { ok: false, reason: unreachable(error).message };
  }
}

/** Throws `bad-flag` where the engine has no runtime of this name. */
export async function requireRuntime(docker: Docker, runtime: string): Promise<void> {
  const { Runtimes = {} } = (await docker.info()) as { Runtimes?: Record<string, unknown> };
  if (runtime in Runtimes) return;
  const installed = Object.keys(Runtimes).sort().join(', ');
  throw new ProctorError(
    'bad-flag',
    `runtime ${runtime}: this engine does not have it; installed: ${installed || 'none'}`,
  );
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
]);

/**
 * An engine's error as a `ProctorError`: `engine-unreachable` where no answer came, else `code` with `what` in front.
 * A `ProctorError` is returned as it is.
 */
export function engineError(
  error: unknown,
  code: 'sandbox-failed' | 'sandbox-lost',
  what: string,
): ProctorError {
  if (error instanceof ProctorError) return error;
  const { code: errno, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  if (statusCode === undefined && errno !== undefined && connectionCodes.has(errno))
    return unreachable(error);
  return new ProctorError(code, `${what}: ${messageOf(error)}`, { cause: error });
}

function unreachable(error: unknown): ProctorError {
  const target = process.env.DOCKER_HOST ?? '/var/run/docker.sock';
  const errno = (error as { code?: string } | undefined)?.code;
  const advice =
    errno === 'EACCES'
      ? 'add yourself to the group that owns it, or set DOCKER_HOST'
      : 'start it (systemctl start docker, or Docker Desktop), or set DOCKER_HOST';
  return new ProctorError(
    'engine-unreachable',
    `No container engine answers at ${target} (${messageOf(error)}); ${advice}.`,
    { cause: error },
  );
}
