import type { CheckedTrial } from './checked-trial.ts';
import { type Proof, proof, skippedProof } from './proof.ts';

/** Whether trials came out the same when they were executed again; skipped where each was made once. */
export function repeatProof(played: CheckedTrial[]): Proof {
  if (played.every(({ repeats }) => repeats.length === 0)) return skippedProof('repeat');
  return proof('repeat', played.flatMap(differences));
}

function differences({ agent, repeats }: CheckedTrial): string[] {
  const found = repeats.filter((one) => one !== undefined);
  return found.map(
    (difference) =>
      `${agent}, executed again, went another way in ${found.length} of ${repeats.length}: ${difference}: take what varies out (time, randomness, order), or declare it in masks of environment.toml`,
  );
}
