import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

const rewardFile = z.record(z.string(), z.number());

export type Reward = { rewards: Record<string, number> } | { error: { code: string; message: string } };

/** Reads `/logs/verifier/reward.json`, else `reward.txt`. A reward that is missing, empty or no number is an error, never 0. */
export async function readReward(sandbox: Sandbox): Promise<Reward> {
  const json = await textOf(sandbox, '/logs/verifier/reward.json');
  if (json !== undefined)
    return parsed(json, '/logs/verifier/reward.json', (text) => rewardFile.parse(JSON.parse(text)));
  const txt = await textOf(sandbox, '/logs/verifier/reward.txt');
  if (txt !== undefined)
    return parsed(txt, '/logs/verifier/reward.txt', (text) => ({ reward: z.number().parse(Number(text)) }));
  return failure(
    'reward-missing',
    'the verifier wrote neither /logs/verifier/reward.json nor /logs/verifier/reward.txt',
  );
}

function parsed(text: string, path: string, parse: (text: string) => Record<string, number>): Reward {
  if (text.trim() === '') return failure('reward-empty', `${path} is empty`);
  try {
    return { rewards: parse(text.trim()) };
  } catch (error) {
    return failure('reward-unparsable', `${path} holds no reward: ${messageOf(error).slice(0, 200)}`);
  }
}

const failure = (code: string, message: string): Reward => ({ error: { code, message } });

/** Bytes of a reward file that are looked at. */
const longest = 65_536;

/** A file is read by its first bytes alone, since what ran in the tests may have made it as large as it liked. */
async function textOf(sandbox: Sandbox, path: string): Promise<string | undefined> {
  const command = `test -f ${path} && test ! -L ${path} && head -c ${longest} ${path}`;
  const { exitCode, stdout } = await sandbox.exec(command, { as: 'harness' });
  return exitCode === 0 ? stdout.toString('utf8') : undefined;
}
