import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

/** A stream that gives what it is given, and then tells the sha256 of it; what `end` throws is what it fails with. */
export function hashing(end: (sha256: string) => void): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk, _, done: TransformCallback) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      try {
        end(hash.digest('hex'));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
