import { messageOf, ProctorError } from '../errors.ts';

/** Codes of PostgreSQL (SQLSTATE) and of sockets after which the same words may succeed on a new connection. */
const passing = new Set([
  ...['08000', '08001', '08003', '08004', '08006', '57P01', '57P02', '57P03', '53300'],
  ...['40001', '40P01', '55P03', '57014', '53100', '53200', '25006', '58030'],
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOENT',
    'EAI_AGAIN',
    'ENOTFOUND',
    'ENETDOWN',
  ],
]);

/** What `pg` says, without a code, of a connection that ended or did not answer in time. */
const passingWords =
  /Connection terminated|Client has encountered a connection error|timeout (exceeded|expired)|Query read timeout|not queryable/i;

/** Whether an error is of the connection or the server's moment, not of what was asked. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isPassing)) return true;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && passing.has(code)) || passingWords.test(error.message);
}

const wrong: Record<string, string> = {
  '28P01': 'the server refuses this password',
  '28000': 'the server refuses this user',
  '3D000': 'there is no such database; make it with createdb',
  '42501': 'this user may not make or change tables there',
};

/** Whether an error is of the connection, also where it would be refused again, as after another password was set. */
export const isOfConnection = (error: unknown): boolean =>
  isPassing(error) || (error instanceof Error && String((error as { code?: unknown }).code) in wrong);

/**
 * A server's or driver's error as one line that names the place: `queue-unreachable`, or `bad-flag` where the address is wrong; a host that
 * has no name is wrong only when it is asked first.
 */
export function databaseFailure(error: unknown, place: string, { isFirst = false } = {}): ProctorError {
  if (error instanceof ProctorError) return error;
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const { code } = cause as { code?: unknown };
  const mistake = typeof code === 'string' ? wrong[code] : undefined;
  if (mistake) return new ProctorError('bad-flag', `${place}: ${mistake} (${messageOf(cause)})`, { cause });
  if (code === 'ENOTFOUND' && isFirst)
    return new ProctorError('bad-flag', `${place}: no host of this name`, { cause });
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return new ProctorError('queue-unreachable', `${place}: no PostgreSQL server answers there`, { cause });
  return new ProctorError('queue-unreachable', `${place}: ${messageOf(cause)}`, { cause });
}
