import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ProctorError } from '../errors.ts';

/** No more is given at once, in bytes. */
const longestPiece = 4 * 1024 * 1024;

/** Reads a piece of a stored body. Throws `not-found`, also for what is no digest. */
export async function readBodyPiece(
  dir: string,
  sha256: string,
  offset: number,
  length: number,
): Promise<Buffer> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ProctorError('not-found', 'a body is named by its sha256');
  const file = await open(join(dir, sha256)).catch((cause: unknown) => {
    throw new ProctorError('not-found', `no body ${sha256}`, { cause });
  });
  try {
    const piece = Buffer.alloc(Math.min(length, longestPiece));
    const { bytesRead } = await file.read(piece, 0, piece.length, offset);
    return piece.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
