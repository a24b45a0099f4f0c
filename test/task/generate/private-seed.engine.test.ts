import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { suite } from '../../../src/schema/suite.ts';
import { declaredSplit, derivedSecret, secretSeed } from '../../../src/task/generate/private-seed.ts';
import { folderOf, temporaryFolder } from '../../folder.ts';

const declared = {
  purpose: 'x',
  intended: ['x'],
  contact: 'x',
  licence: 'MIT',
  version: '1.0.0',
  state: 'draft',
};
const secret = 'nobody-has-read-this-3141';
const variable = 'TEST_PRIVATE_SPLIT';

/** A suite in a repository, and what it declares of its private split. */
function suiteWith(toml: string, files: Record<string, string> = {}): string {
  const head = Object.entries(declared).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const root = folderOf({ 'mine/suite.toml': `${head.join('\n')}\n[private]\n${toml}\n`, ...files });
  execFileSync('git', ['init', '-q', root]);
  return join(root, 'mine');
}

const seedIn = (dir: string) => {
  const split = declaredSplit(dir);
  if (!split) throw new Error('the suite declares no split');
  return secretSeed(dir, split);
};

afterEach(() => {
  delete process.env[variable];
});

describe('a private seed', () => {
  test('comes from a file outside of the repository, beside which its ledger is', () => {
    const file = join(temporaryFolder(), 'seed');
    writeFileSync(file, `${secret}\n`);
    const dir = suiteWith(`seed_file = ${JSON.stringify(file)}`);
    expect(seedIn(dir)).toBe(secret);
    expect(declaredSplit(dir)).toEqual({ suite: 'mine', seed: { file }, ledger: `${file}.ledger.jsonl` });
  });

  test('comes from a variable, with a ledger that is named', () => {
    process.env[variable] = secret;
    const dir = suiteWith(`seed_env = "${variable}"\nledger = "queries.jsonl"`);
    expect(seedIn(dir)).toBe(secret);
    expect(declaredSplit(dir)?.ledger).toBe(join(dir, 'queries.jsonl'));
  });

  test('is refused where its file lies in the repository', () => {
    const dir = suiteWith('seed_file = "../seed"', { seed: secret });
    expect(() => seedIn(dir)).toThrow(/private\.seed_file: .*seed lies in the repository/);
  });

  test('is refused where it stands in a file of the repository that git does not ignore', () => {
    process.env[variable] = secret;
    const toml = `seed_env = "${variable}"\nledger = "q.jsonl"`;
    const dir = suiteWith(toml, { 'notes/run.md': `seed: ${secret}` });
    expect(() => seedIn(dir)).toThrow(/private\.seed_env: the seed stands in a file of the repository/);
    expect(seedIn(suiteWith(toml, { '.env': secret, '.gitignore': '.env\n' }))).toBe(secret);
  });

  test('is refused where it stands in a suite that is in no repository', () => {
    process.env[variable] = secret;
    const dir = suiteWith(`seed_env = "${variable}"\nledger = "q.jsonl"`);
    const bare = join(temporaryFolder(), 'bare');
    mkdirSync(bare);
    const split = declaredSplit(dir);
    writeFileSync(join(bare, 'a.txt'), secret);
    expect(() => split && secretSeed(bare, split)).toThrow(/the seed stands in a file/);
  });

  test('is refused where there is none, or where it can be guessed', () => {
    const dir = suiteWith(`seed_env = "${variable}"\nledger = "q.jsonl"`);
    expect(() => seedIn(dir)).toThrow(`private.seed_env: the variable ${variable} is not set`);
    process.env[variable] = 'seven';
    expect(() => seedIn(dir)).toThrow(/a seed of 5 characters can be guessed/);
  });

  test('gives each instance a seed of its own that does not tell it', () => {
    const [a, b] = [derivedSecret(secret, 'mine/t', 0), derivedSecret(secret, 'mine/t', 1)];
    expect(a).not.toBe(b);
    expect(a).toMatch(/^[0-9a-f]{32}$/);
  });
});

test('a suite names one place of its private seed, and where trials are counted', () => {
  const problem = (split: object) =>
    suite.safeParse({ ...declared, private: split }).error?.issues[0]?.message;
  expect(problem({ seed_env: 'A', seed_file: 'b' })).toBe('expected one of seed_env and seed_file');
  expect(problem({ seed_env: 'A' })).toBe('expected ledger beside seed_env');
  expect(problem({ seed: 'a' })).toContain('Unrecognized key');
  expect(problem({ seed_file: 'b' })).toBeUndefined();
});
