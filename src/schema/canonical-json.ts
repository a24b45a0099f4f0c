import canonicalize from 'canonicalize';

// Its types tell of a default export; the package is CommonJS and is the function itself.
const serialize = canonicalize as unknown as (value: unknown) => string | undefined;

/** JSON by RFC 8785: sorted keys, no spaces, so that equal values give equal texts. `undefined` counts as null. */
export function canonicalJson(value: unknown): string {
  return serialize(value) ?? 'null';
}
