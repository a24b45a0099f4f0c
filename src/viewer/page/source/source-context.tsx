import { createContext, type DependencyList, useContext, useEffect, useState } from 'react';
import type { Source } from './source.ts';

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
