import { isDeepStrictEqual } from 'node:util';
import type { Played } from './play.ts';
import { type Proof, proof, skippedProof } from './proof.ts';

/** Whether trials that had to be the same are; skipped where each was made once. */
export function repeatProof(played: Played[]): Proof {
  const groups = [...new Set(played.map(({ agent }) => agent))].map((agent) =>
    played.filter((one) => one.agent === agent),
  );
  if (groups.every(({ length }) => length < 2)) return skippedProof('repeat');
  return proof(
    'repeat',
    groups.flatMap(([first, ...others]) =>
      first ? others.flatMap((other) => difference(first, other)) : [],
    ),
  );
}

function difference(a: Played, b: Played): string[] {
  const twice = `${a.agent}, played twice alike,`;
  if (a.trial.outcome !== b.trial.outcome)
    return [`${twice} ended as ${a.trial.outcome} and as ${b.trial.outcome}: take what varies out`];
  const [one, two] = [a, b].map(({ score }) => score.completion.rewards);
  if (!isDeepStrictEqual(one, two))
    return [
      `${twice} got ${JSON.stringify(one)} and ${JSON.stringify(two)}: the verifier is not deterministic; take time, randomness and order out of it`,
    ];
  if (finalDigest(a) === finalDigest(b)) return [];
  return [
    `${twice} left different states (${differingPaths(a, b).join(', ') || 'from the start'}): take time and randomness out of the tools, or such paths into ignore of environment.toml`,
  ];
}

function finalDigest({ trial }: Played): string | undefined {
  return trial.steps.findLast(({ state }) => state?.digest)?.state?.digest ?? trial.initial?.digest;
}

function differingPaths(a: Played, b: Played): string[] {
  const [one, two] = [a, b].map(({ trial }) => {
    const changes = trial.steps.flatMap(({ state }) => state?.changes ?? []);
    return new Map(changes.map(({ path, after }) => [path, after]));
  });
  const paths = new Set([...(one?.keys() ?? []), ...(two?.keys() ?? [])]);
  return [...paths].filter((path) => !isDeepStrictEqual(one?.get(path), two?.get(path))).slice(0, 5);
}
