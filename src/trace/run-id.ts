import { randomInt } from 'node:crypto';

/** Digits and letters that are not mistaken for one another. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A run's id, such as `20261124-133105-x7k2`: UTC, so that later runs sort after earlier ones. */
export function newRunId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomWord(4)}`;
}

/** A trial's id, of six characters. */
export const newTrialId = () => randomWord(6);

/** Gives the ids of a run's trials, no two of them the same. */
export function trialIds(): () => string {
  const taken = new Set<string>();
  return () => {
    let id = newTrialId();
    while (taken.has(id)) id = newTrialId();
    taken.add(id);
    return id;
  };
}

function randomWord(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
