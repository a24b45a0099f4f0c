import { z } from 'zod';
import type { JsonObject } from '../schema/json.ts';
import type { Store } from './store.ts';

/** What one worker wrote of a trial while it held it: `fence` is the number of that claim, which nobody else has. */
export interface ShippedTrial {
  run: string;
  trial: string;
  fence: number;
}

const digits = (count: number, length: number) => String(count).padStart(length, '0');

/** What begins the keys of all that was shipped of a trial's attempt. */
export const shippedUnder = ({ run, trial, fence }: ShippedTrial): string =>
  `runs/${run}/trials/${trial}/${digits(fence, 6)}/`;

/** What was shipped of a trial, under its own id or those of its retries, `x7k2pq-1`, and of when it was resumed, `x7k2pq-r1`. */
export async function shippedOf(
  store: Pick<Store, 'list'>,
  { run, trial }: Pick<ShippedTrial, 'run' | 'trial'>,
): Promise<ShippedTrial[]> {
  const found = new Map<string, ShippedTrial>();
  const parent = `runs/${run}/trials/`;
  for await (const key of store.list(`${parent}${trial}`)) {
    const [id = '', fence = ''] = key.slice(parent.length).split('/');
    if (id === trial || id.startsWith(`${trial}-`))
      found.set(`${id}/${fence}`, { run, trial: id, fence: Number(fence) });
  }
  return [...found.values()].sort((a, b) => a.fence - b.fence);
}

/** The key of a piece of a trace: whole lines, those of piece 1 first. A piece is there once those before it are, and the bodies it names. */
export const pieceKey = (shipped: ShippedTrial, piece: number): string =>
  `${shippedUnder(shipped)}trace/${digits(piece, 6)}.jsonl`;

/** The key of what is stored when the whole trace is. */
export const sealKey = (shipped: ShippedTrial): string => `${shippedUnder(shipped)}seal.json`;

/** The key of a body, which the trials of a run share. */
export const bodyKey = (run: string, sha256: string): string => `runs/${run}/bodies/${sha256}`;

export const seal = z.strictObject({
  /** The trace's head, as `run.json` has it. */
  head: z.strictObject({ sha256: z.string(), events: z.int() }),
  pieces: z.int(),
});
export type Seal = z.infer<typeof seal>;

const named = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number(),
  encoding: z.string(),
});

/**
 * The sha256 of each body that lines of a trace name. What an agent says may look like one too, so that not each of them is there.
 * Lines are those of whole events.
 */
export function bodiesNamedIn(lines: Buffer): Set<string> {
  const found = new Set<string>();
  for (const line of lines.toString().split('\n')) {
    if (!line.includes('"sha256"')) continue;
    JSON.parse(line, (_, value: JsonObject) => {
      if (value?.encoding !== undefined && named.safeParse(value).success) found.add(String(value.sha256));
      return value;
    });
  }
  return found;
}
