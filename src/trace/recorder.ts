import type { NewTraceEvent, TraceEvent } from '../schema/trace-event.ts';
import type { Trial } from '../schema/trial.ts';
import type { View, ViewStep } from '../schema/view.ts';
import type { BodyReader, BodyWriter } from './body-store.ts';
import { createFold } from './fold.ts';
import { createView } from './view.ts';
import type { TraceWriter } from './writer.ts';

/** Where a trial's events go, and the only place from which it is known what has happened in it. */
export interface Recorder {
  readonly bodies: BodyWriter;
  /** Reads what was written, secrets as they are. */
  readonly written: BodyReader;
  append(event: NewTraceEvent): TraceEvent;
  sync(): void;
  /** The trial so far. Throws `bad-trace` before `trial.started` was appended. */
  readonly trial: Trial;
  /** The steps so far, as the agent is shown them. */
  readonly steps: readonly ViewStep[];
  /** All that the agent is shown. */
  view(remaining: View['remaining']): View;
}

/** Feeds what a writer wrote to the fold from which everybody reads, and then tells `watch` of it. */
export function createRecorder(
  writer: Omit<TraceWriter, 'close'>,
  watch: (event: TraceEvent) => void = () => {},
): Recorder {
  const { bodies, written } = writer;
  const fold = createFold(written);
  const view = createView(() => fold.trial, written);
  return {
    bodies,
    written,
    append(event) {
      const complete = writer.append(event);
      fold.add(complete);
      watch(complete);
      return complete;
    },
    sync: () => writer.sync(),
    get trial() {
      return fold.trial;
    },
    get steps() {
      return view.steps();
    },
    view: view.at,
  };
}
