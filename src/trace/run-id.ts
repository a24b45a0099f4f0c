import { randomInt } from 'node:crypto';

/** Digits and letters that are not mistaken for one another. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A run's id, such as `20261124-133105-x7k2`: UTC, so that later runs sort after earlier ones. */
export function newRunId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomWord(4)}`;
}

/** A trial's id of six characters, which is none of `taken`. */
export function newTrialId(taken: ReadonlySet<string> = new Set()): string {
  let id = randomWord(6);
  while (taken.has(id)) id = randomWord(6);
  return id;
}

function randomWord(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
