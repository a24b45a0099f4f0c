import { z } from 'zod';

/** Text or bytes of an event: inline where short, else stored once beside the log under its digest. */
export const body = z.union([
  z.string(),
  z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().nonnegative(),
    /** How the text of this event is made from the stored bytes. */
    encoding: z.enum(['utf8', 'base64']),
  }),
]);
export type Body = z.infer<typeof body>;

/** Longer texts than this many UTF-16 units are stored beside the log. */
export const inlineLimit = 4096;
