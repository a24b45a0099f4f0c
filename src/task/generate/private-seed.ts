import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { badFile, readAuthorFileIfPresent, readTextIfPresent } from '../../schema/author-file.ts';
import { readFolder } from '../../schema/author-folder.ts';
import type { PrivateSplit } from '../../schema/private-split.ts';
import { type Suite, suite } from '../../schema/suite.ts';

const suiteFile = 'suite.toml';
const shortest = 16;

/** The private split that a suite's `suite.toml` declares; undefined where it declares none. Throws `bad-file` where that is mistaken. */
export function declaredSplit(dir: string): PrivateSplit | undefined {
  const declared = readAuthorFileIfPresent(join(dir, suiteFile), suite)?.private;
  return declared && splitIn(dir, declared);
}

function splitIn(dir: string, { seed_env, seed_file, ledger }: NonNullable<Suite['private']>): PrivateSplit {
  const path = (given: string) => resolve(dir, given.replace(/^~(?=\/)/, homedir()));
  const file = seed_file === undefined ? undefined : path(seed_file);
  return {
    suite: basename(resolve(dir)),
    seed: file === undefined ? { env: seed_env ?? '' } : { file },
    ledger: ledger === undefined ? `${file}.ledger.jsonl` : path(ledger),
  };
}

/** The seed of a split; undefined where its variable or file is not there. */
export function seedOf({ seed }: PrivateSplit): string | undefined {
  return ('env' in seed ? process.env[seed.env] : readTextIfPresent(seed.file))?.trim() || undefined;
}

/** What the seed of a split is called in traces. */
export const seedName = ({ seed }: PrivateSplit): string => ('env' in seed ? seed.env : 'private-seed');

/** The seed of the split of the suite in `dir`. Throws `bad-file` where there is none, where it is short, and where the repository holds it. */
export function secretSeed(dir: string, split: PrivateSplit): string {
  const where = join(dir, suiteFile);
  const { seed } = split;
  const key = 'env' in seed ? 'private.seed_env' : 'private.seed_file';
  const root = repositoryOf(dir);
  if ('file' in seed && isWithin(seed.file, root))
    throw badFile(
      where,
      `${key}: ${seed.file} lies in the repository; expected a file that is published nowhere`,
    );
  const value = seedOf(split);
  if (value === undefined)
    throw badFile(
      where,
      'env' in seed
        ? `${key}: the variable ${seed.env} is not set`
        : `${key}: expected a seed in ${seed.file}`,
    );
  if (value.length < shortest)
    throw badFile(
      where,
      `${key}: a seed of ${value.length} characters can be guessed; expected ${shortest} or more`,
    );
  if (stands(value, root, dir))
    throw badFile(where, `${key}: the seed stands in a file of the repository ${root}; expected another one`);
  return value;
}

/** Seeds of instances, from which nobody gets at the one that they are made of. */
export const derivedSecret = (seed: string, task: string, index: number): string =>
  createHmac('sha256', seed).update(`${task}/${index}`).digest('hex').slice(0, 32);

/** The folder of the repository that a suite lies in; its own where there is none. */
function repositoryOf(dir: string): string {
  for (let at = resolve(dir); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return resolve(dir);
  }
}

function isWithin(file: string, folder: string): boolean {
  const [inner, outer] = [file, folder].map((path) => (existsSync(path) ? realpathSync(path) : path));
  return !relative(outer ?? '', inner ?? '').startsWith('..');
}

/** Whether a seed stands in a file of the repository that git knows or would add; without git, in one of the suite's. */
function stands(seed: string, root: string, dir: string): boolean {
  // The seed goes in by stdin: arguments are seen by everybody on the machine.
  const { status } = spawnSync('git', ['-C', root, 'grep', '-qF', '--untracked', '-f', '-'], { input: seed });
  if (status === 0 || status === 1) return status === 0;
  return readFolder(dir).some(({ content }) => content.includes(seed));
}
