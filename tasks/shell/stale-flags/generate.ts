import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generate } from 'proctor';
import { byText } from '../_generate/order.ts';

const folder = 'environment/flags';
const firsts = [
  'async',
  'dark',
  'fast',
  'inline',
  'lazy',
  'new',
  'shared',
  'smart',
  'split',
  'eager',
  'quiet',
];
const lasts = [
  'banner',
  'cache',
  'export',
  'checkout',
  'index',
  'login',
  'refund',
  'header',
  'retry',
  'wallet',
];
const teams = ['billing', 'mobile', 'platform', 'search', 'growth', 'risk', 'payments'];

interface Flag {
  key: string;
  owner: string;
  environments: { prod: { enabled: boolean; rollout: number } };
  last_evaluated: string | null;
  permanent?: boolean;
}

/** The published settings under other names and owners: as many stale flags, one of four owners without any. */
const generate: Generate = (_, random) => {
  const dir = join(import.meta.dirname, folder);
  const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
  const published = names.map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Flag);
  const owners = random.sample(teams, 4);
  const withStale = owners.slice(1);
  const keys = random.sample(
    firsts.flatMap((first) => lasts.map((last) => `${first}-${last}`)),
    published.length,
  );
  const flags = random.shuffle(published).map((flag, at) => ({
    ...flag,
    key: keys[at] ?? '',
    // Each owner has a flag, whatever is drawn.
    owner: random.pick(isStale(flag) ? withStale : owners),
  }));
  for (const [at, owner] of owners.entries()) {
    const spare = flags.filter((flag) => !isStale(flag))[at];
    if (spare) spare.owner = owner;
  }
  const stale = flags.filter(isStale).sort((a, b) => byText(a.owner, b.owner) || byText(a.key, b.key));
  const unseen = stale.find(({ last_evaluated }) => last_evaluated === null);
  return {
    words: { 'async-banner': stale[0]?.key ?? '', 'smart-login': unseen?.key ?? '' },
    files: {
      ...Object.fromEntries(names.map((name) => [`${folder}/${name}`, null])),
      ...Object.fromEntries(
        flags.map((flag) => [`${folder}/${flag.key}.json`, `${JSON.stringify(flag, null, 2)}\n`]),
      ),
    },
    covariates: { flags: flags.length, stale: stale.length },
  };
};
export default generate;

function isStale({ environments: { prod }, last_evaluated, permanent }: Flag): boolean {
  const settled = !prod.enabled || prod.rollout === 100;
  return settled && (last_evaluated ?? '0') < '2026-01-01T00:00:00Z' && permanent !== true;
}
