import { z } from 'zod';
import type { ExecResult, Sandbox } from '../../sandbox/sandbox.ts';
import { testCounts } from './test-summary.ts';

const maxRewardBytes = 65_536;
const maxReportBytes = 4 * 1024 * 1024;

/** `fault` where it is plain from what was written. */
export interface RewardError {
  code: string;
  message: string;
  fault?: 'harness';
}

/** `note` says how what was written came to count. */
export type Reward = { rewards: Record<string, number>; note?: string } | { error: RewardError };

/** Reads `/logs/verifier/reward.json`, else `reward.txt`, as shares of `range`. A reward that is none is an error, never 0. */
export async function readReward(sandbox: Sandbox, range: readonly number[]): Promise<Reward> {
  const json = await textOf(sandbox, '/logs/verifier/reward.json', maxRewardBytes);
  if (json !== undefined) return parsed(json, '/logs/verifier/reward.json', range, parseJson);
  const txt = await textOf(sandbox, '/logs/verifier/reward.txt', maxRewardBytes);
  if (txt !== undefined)
    return parsed(txt, '/logs/verifier/reward.txt', range, (text) => ({ reward: Number(text) }));
  return failure(
    'reward-missing',
    'the verifier wrote neither /logs/verifier/reward.json nor /logs/verifier/reward.txt',
  );
}

const rewardFile = z.record(z.string(), z.number());

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed(
  text: string,
  path: string,
  range: readonly number[],
  parse: (text: string) => unknown,
): Reward {
  if (text.trim() === '') return failure('reward-empty', `${path} is empty`);
  const { data } = rewardFile.safeParse(parse(text.trim()));
  if (data && Object.keys(data).length > 0) return sharesOf(data, path, range);
  const written = JSON.stringify(text.trim().slice(0, 100));
  return failure(
    'reward-no-number',
    `${path} holds ${written}, expected a number for each reward`,
    'harness',
  );
}

/** Rewards that count, which is `reward` or else all of them, as shares of the range; others are kept as they were written. */
function sharesOf(
  written: Record<string, number>,
  path: string,
  [lo = 0, hi = 1]: readonly number[],
): Reward {
  const counts = Object.entries(written).filter(([name]) => name === 'reward' || !('reward' in written));
  const outside = counts.find(([, value]) => value < lo || value > hi);
  if (outside) {
    const message = `${path}: ${outside[0]} is ${outside[1]}, expected ${lo} to ${hi}; another range is declared as [verify] range in proctor.toml`;
    return failure('reward-out-of-range', message, 'harness');
  }
  if (lo === 0 && hi === 1) return { rewards: written };
  const shares = Object.fromEntries(counts.map(([name, value]) => [name, (value - lo) / (hi - lo)]));
  const said = counts.map(([name, value]) => `${name} ${value}`).join(', ');
  return { rewards: { ...written, ...shares }, note: `${said}, written in the range ${lo} to ${hi}` };
}

const failure = (code: string, message: string, fault?: 'harness'): Reward => ({
  error: { code, message, ...(fault && { fault }) },
});

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
  /^.*error: unrecognized arguments: .*--ctrf.*$/m,
  /^uvx \(offline stand-in\): package .*$/m,
];

/** Why tests that came to an end judged nothing: what they run with could not be had. Undefined where that is not so, or tests ran. */
export function missingRunner({ stderr, stdout }: ExecResult): { code: string; message: string } | undefined {
  const text = `${stderr.toString('utf8')}\n${stdout.toString('utf8')}`;
  if (Object.keys(testCounts(text)).length > 0) return undefined;
  const found = signs.map((sign) => sign.exec(text)?.[0]).find((line) => line !== undefined);
  if (found === undefined) return undefined;
  return {
    code: 'verifier-runner-missing',
    message: `tests/test.sh could not get its test runner (${found.trim().slice(0, 160)}); see --with-pytest`,
  };
}
