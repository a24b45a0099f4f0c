import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { HostContext } from '../host-server.ts';
import type { ServerContext } from '../server.ts';

/** What one host module is given. Modules of one trial draw from generators of their own, so that they don't disturb each other. */
export function hostContext(
  name: string,
  { seed, clock, data, sandbox, notify }: ServerContext,
): HostContext {
  return {
    seed,
    random: generator(`${seed}/${name}`),
    now: () => new Date(clock),
    data: structuredClone(data),
    ...(sandbox && { sandbox }),
    log: (message) =>
      notify({
        server: name,
        method: 'notifications/message',
        params: { level: 'info', data: String(message) },
      }),
  };
}

/** Numbers 0 ≤ x < 1 that follow from the seed alone. */
function generator(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest();
  const state = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
  const random = xoroshiro128plusFromState(state);
  return () => uniformFloat64(random);
}
