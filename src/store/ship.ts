import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { locateTrace, traceFile } from '../trace/location.ts';
import { openShipment, type Shipment } from './shipment.ts';
import { bodiesNamedIn, bodyKey, pieceKey, type ShippedTrial, sealKey } from './shipped-trial.ts';
import type { Store } from './store.ts';

export interface ShipOptions {
  /** Milliseconds for which events are gathered before they are shipped together; 1,000 when absent. */
  gatherMs?: number;
  /** Milliseconds for which an event may wait until it is in the store, tries again included; 120,000 when absent. */
  patienceMs?: number;
  /** Objects that are put at the same time; 8 when absent. */
  concurrency?: number;
  /** Bytes after which a piece of a trace ends with its line; 1 MiB when absent. Each trial that is shipped holds one in memory. */
  pieceBytes?: number;
}

/** Begins to ship a trial whose trace is, or will be, in the folder `dir` of a run's. */
export type Ship = (shipped: ShippedTrial, dir: string) => Shipment;

/** How many bodies are remembered to be in the store. */
const remembered = 50_000;

/** Ships the traces of the trials that this process runs, with the bodies that they name. */
export function shipper(store: Store, options: ShipOptions = {}): Ship {
  const { gatherMs = 1_000, patienceMs = 120_000, concurrency = 8, pieceBytes = 1024 * 1024 } = options;
  const queue = new PQueue({ concurrency });
  const stored = new Set<string>();

  async function putBody(run: string, sha256: string, bodies: string): Promise<void> {
    const key = bodyKey(run, sha256);
    const file = join(bodies, sha256);
    if (stored.has(key) || !(await stat(file).catch(() => undefined))) return;
    await store.putIfAbsent(key, () => createReadStream(file));
    if (stored.size >= remembered) stored.clear();
    stored.add(key);
  }

  return (shipped, dir) =>
    openShipment({
      ...{ name: `${shipped.run}/${shipped.trial}`, log: join(dir, traceFile) },
      ...{ gatherMs, patienceMs, pieceBytes },
      async putPiece(piece, lines) {
        const { bodies } = locateTrace(dir);
        const named = [...bodiesNamedIn(lines)];
        await Promise.all(named.map((sha256) => queue.add(() => putBody(shipped.run, sha256, bodies))));
        await queue.add(() => store.put(pieceKey(shipped, piece), lines));
      },
      putSeal: (seal) => queue.add(() => store.put(sealKey(shipped), Buffer.from(JSON.stringify(seal)))),
    });
}
