import { isProgram } from '../../written.ts';
import type { FindCandidates } from './candidate.ts';

const address = /(?<![\w.+-])[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})/g;

/** Mail addresses, in files that are no programs, at a place whose other addresses the world has. */
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
