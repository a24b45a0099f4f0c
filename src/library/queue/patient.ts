import { setTimeout as sleep } from 'node:timers/promises';
import { ProctorError } from '../../errors.ts';
import type { Database } from '../../queue/database.ts';
import type { Store } from '../../store/store.ts';
import { outage } from './outage.ts';

/** Asks again until the database and the store answer. */
export interface Patience {
  /** Throws what is no failure of theirs, and `store-failed` where the store has failed for two minutes. */
  ask<T>(asked: () => Promise<T>): Promise<T>;
  /** Whether the database did not answer when it was last asked. */
  isGone(): boolean;
}

interface PatienceParts {
  database: Database;
  store: Store;
  /** Ends the waiting: its reason is thrown. */
  signal: AbortSignal;
  note(line: string): void;
}

/** Milliseconds after which it is asked again. */
const pauseMs = 500;

/** Milliseconds for which a store that fails is asked again. */
const storePatienceMs = 120_000;

/** How who follows a run waits: its workers do without him. */
export function patience({ database, store, signal, note }: PatienceParts): Patience {
  const outages = {
    'queue-unreachable': outage(database.place, 'waiting for it', note),
    'store-failed': outage(store.url, 'trying again for two minutes', note),
  };
  const outageOf = (error: unknown, tooLate: boolean) => {
    if (!(error instanceof ProctorError)) return undefined;
    if (error.code === 'store-failed') return tooLate ? undefined : outages[error.code];
    return error.code === 'queue-unreachable' ? outages[error.code] : undefined;
  };
  return {
    isGone: () => outages['queue-unreachable'].isGone,
    async ask(asked) {
      for (const began = performance.now(); ; ) {
        signal.throwIfAborted();
        try {
          const given = await asked();
          for (const one of Object.values(outages)) one.back();
          return given;
        } catch (error) {
          const one = outageOf(error, performance.now() - began > storePatienceMs);
          if (!one) throw error;
          one.gone(error as ProctorError);
          await sleep(pauseMs, undefined, { signal }).catch(() => {});
        }
      }
    },
  };
}
