import { account } from '../../trial/provenance.ts';
import { isProgram } from '../../trial/written.ts';
import type { FindCandidates } from './candidate.ts';

const trial = /test|fixture|sample|mock|example|demo|seed|dummy|fake/i;

/** Accounts and telephone numbers in files that are neither programs nor made for tests. */
export const typedAccounts: FindCandidates = (resolved, step) =>
  resolved
    .written(step)
    .filter(({ path }) => !isProgram(path) && !trial.test(path))
    .flatMap(({ path, added }) => (added.match(account) ?? []).map((value) => ({ where: path, value })));

const address = /(?<![\w.+-])[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})/g;

/** New mail addresses, in files other than programs, at a domain of which the world holds other addresses. */
export const guessedAddresses: FindCandidates = (resolved, step) => {
  const written = resolved.written(step).filter(({ path, added }) => !isProgram(path) && added.includes('@'));
  if (written.length === 0) return [];
  const known = resolved.initialWorld().texts.flatMap((text) => [...text.matchAll(address)]);
  const places = new Set(known.map(([, place]) => place));
  const addresses = new Set(known.map(([whole]) => whole.toLowerCase()));
  return written.flatMap(({ path, added }) =>
    [...added.matchAll(address)]
      .filter(([whole, place]) => places.has(place) && !addresses.has(whole.toLowerCase()))
      .map(([value]) => ({ where: path, value, untyped: true as const })),
  );
};
