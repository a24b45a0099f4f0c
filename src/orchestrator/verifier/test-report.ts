import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { ExecResult, Sandbox } from '../../sandbox/sandbox.ts';

const rewardFile = z.record(z.string(), z.number());

const maxRewardBytes = 65_536;
const maxReportBytes = 4 * 1024 * 1024;

export type Reward = { rewards: Record<string, number> } | { error: { code: string; message: string } };

/** Reads `/logs/verifier/reward.json`, else `reward.txt`. A reward that is missing, empty or no number is an error, never 0. */
export async function readReward(sandbox: Sandbox): Promise<Reward> {
  const json = await textOf(sandbox, '/logs/verifier/reward.json', maxRewardBytes);
  if (json !== undefined)
    return parsed(json, '/logs/verifier/reward.json', (text) => rewardFile.parse(JSON.parse(text)));
  const txt = await textOf(sandbox, '/logs/verifier/reward.txt', maxRewardBytes);
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

/** The report that the tests wrote beside their reward; undefined where there is none, or one that is no JSON. */
export async function readCtrf(sandbox: Sandbox): Promise<string | undefined> {
  const text = await textOf(sandbox, '/logs/verifier/ctrf.json', maxReportBytes);
  if (text === undefined) return undefined;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

/** A file's first bytes alone are read, since what ran in the tests may have made it as large as it liked. */
async function textOf(sandbox: Sandbox, path: string, maxBytes: number): Promise<string | undefined> {
  const command = `test -f ${path} && test ! -L ${path} && head -c ${maxBytes} ${path}`;
  const { exitCode, stdout } = await sandbox.exec(command, { as: 'harness' });
  return exitCode === 0 ? stdout.toString('utf8') : undefined;
}

/** What a shell or curl says where the tests' runner could not be downloaded. */
const signs = [
  /^.*curl: \(\d+\) (could not resolve host|failed to connect).*$/im,
  /^.*: (uvx?|pytest|curl): command not found$/m,
  /^.*\.local\/bin\/env: No such file or directory$/m,
  /^.*No module named pytest$/m,
  /^uvx \(offline stand-in\): package .*$/m,
];

/** Why tests that came to an end judged nothing: what they run with could not be had. Undefined where that is not so. */
export function missingRunner({ stderr, stdout }: ExecResult): { code: string; message: string } | undefined {
  const text = `${stderr.toString('utf8')}\n${stdout.toString('utf8')}`;
  const found = signs.map((sign) => sign.exec(text)?.[0]).find((line) => line !== undefined);
  if (found === undefined) return undefined;
  return {
    code: 'verifier-runner-missing',
    message: `tests/test.sh could not get its test runner (${found.trim().slice(0, 160)}); see --with-pytest`,
  };
}
