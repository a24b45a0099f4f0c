import { ProctorError } from '../errors.ts';

const wanted = 'expected postgres://user:password@host:port/database';

/** A database's address without its password, as messages show it. Throws `bad-flag` where it is none. */
export function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) throw new ProctorError('bad-flag', `not the address of a database; ${wanted}`);
  const { protocol, username, hostname, port, pathname } = parsed;
  if (protocol !== 'postgres:' && protocol !== 'postgresql:')
    throw new ProctorError('bad-flag', `${protocol}//${hostname}: not a PostgreSQL address; ${wanted}`);
  if (pathname.length < 2)
    throw new ProctorError('bad-flag', `${protocol}//${hostname}: names no database; ${wanted}`);
  const host = parsed.searchParams.get('host') ?? hostname;
  return `postgres://${username && `${username}@`}${host}${port && `:${port}`}${pathname}`;
}
