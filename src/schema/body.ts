import { z } from 'zod';

/** Text or bytes of an event: inline where short, else stored once beside the log under its digest. */
export const body = z.union([
  z.string(),
  z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().nonnegative(),
    /** How the text of this event is made from the stored bytes; utf16le holds texts that UTF-8 cannot. */
    encoding: z.enum(['utf8', 'utf16le', 'base64']),
  }),
]);
export type Body = z.infer<typeof body>;

/** A body whose text is base64. */
export const base64Body = z.union(body.options);

/** Longer texts than this many UTF-16 units are stored beside the log. */
export const inlineLimit = 4096;
