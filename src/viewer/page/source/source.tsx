import { createContext, type DependencyList, useContext, useEffect, useState } from 'react';
import type { Answers, Snapshot, StepResponse } from '../../api.ts';

/** Where the page has its data from: the server of `proctor view`, or the file it stands in. */
export interface Source extends Answers {
  /** Whether the page stands in a file of its own, and which bodies were put into it. */
  readonly kept?: Snapshot['kept'];
  /** Undefined where this step was left out. */
  step(run: string, trial: string, step: number): Promise<StepResponse | undefined>;
  /** Bytes of a stored body from an offset on; undefined where it was left out. */
  body(run: string, trial: string, sha256: string, offset: number): Promise<Uint8Array | undefined>;
  /** Calls `changed` whenever the run or the trial has grown; gives what stops it. */
  follow(run: string, trial: string | undefined, changed: () => void): () => void;
}

const context = createContext<Source | undefined>(undefined);

export const SourceProvider = context.Provider;

export function useSource(): Source {
  const source = useContext(context);
  if (!source) throw new Error('expected a source of data around this part of the page');
  return source;
}

/** What was asked for, the last answer while it is asked anew, or why there is none. */
export interface Answer<T> {
  value?: T | undefined;
  error?: string;
}

/** Asks again whenever `because` changes; answers that come too late are dropped. */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, because: DependencyList): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({});
  useEffect(() => {
    const dropped = new AbortController();
    ask(dropped.signal).then(
      (value) => !dropped.signal.aborted && setAnswer({ value }),
      (error) => !dropped.signal.aborted && setAnswer({ error: String(error?.message ?? error) }),
    );
    return () => dropped.abort();
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what the question depends on
  }, because);
  return answer;
}
