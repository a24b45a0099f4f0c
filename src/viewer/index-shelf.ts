import { locateTrace } from '../trace/location.ts';
import { indexTrace, type TraceIndex } from './trace-index.ts';

/** Traces whose index is kept; the one not asked for longest goes first. */
const places = 6;

export interface IndexShelf {
  /** The index of the trace in a folder, with what was written since the last time. Throws `not-found`. */
  index(dir: string): Promise<TraceIndex>;
}

export function createIndexShelf(): IndexShelf {
  const shelf = new Map<string, Promise<TraceIndex>>();
  return {
    async index(dir) {
      const { log } = locateTrace(dir);
      const known = shelf.get(log);
      const index = known ?? indexTrace(log);
      shelf.delete(log);
      shelf.set(log, index);
      for (const oldest of [...shelf.keys()].slice(0, -places)) shelf.delete(oldest);
      try {
        const opened = await index;
        if (known) await opened.refresh();
        return opened;
      } catch (error) {
        shelf.delete(log);
        throw error;
      }
    },
  };
}
