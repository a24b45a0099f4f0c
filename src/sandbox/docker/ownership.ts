import type { Ownership } from './archive.ts';
import type { RunningContainer } from './container.ts';
import { rawQuote } from './survey.ts';

/** The numbers of a user given as `name`, `uid` or `uid:gid`; an unknown one is the group 0, as the engine has it. */
export async function ownershipOf(running: RunningContainer, user: string): Promise<Ownership> {
  const numbers = /^(\d+):(\d+)$/.exec(user);
  if (numbers) return { uid: Number(numbers[1]), gid: Number(numbers[2]) };
  const [name = ''] = user.split(':');
  if (name === 'root') return { uid: 0, gid: 0 };
  const word = rawQuote(name);
  const answer = (await running.init.run(`id -u ${word}; id -g ${word}`, 10_000)).toString();
  const [uid, gid] = answer.split('\n').map(Number);
  return { uid: uid || Number(name) || 0, gid: gid ?? 0 };
}
