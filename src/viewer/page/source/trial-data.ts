import { createContext, useContext, useEffect, useState } from 'react';
import type { StepRow, TrialResponse } from '../../api.ts';
import { type Source, useSource } from './source.tsx';

export interface TrialData {
  page?: TrialResponse;
  rows?: StepRow[];
  error?: string;
}

/** A trial and its steps, followed while it goes on. */
export function useTrialData(run: string, trial: string): TrialData {
  const source = useSource();
  const [data, setData] = useState<TrialData>({});
  const live = data.page?.status === 'running';

  useEffect(() => {
    let gone = false;
    let known: StepRow[] = [];
    const take = (more: TrialData) => !gone && setData((before) => ({ ...before, ...more }));
    const fail = (error: Error) => take({ error: error.message });
    async function readAll(): Promise<void> {
      const from = Math.max(0, known.length - 2);
      const page = source.trial(run, trial).then((page) => take({ page }));
      await page;
      known = known.slice(0, from);
      for await (const rows of rowsFrom(source, run, trial, from)) {
        known = [...known, ...rows];
        take({ rows: known });
      }
    }
    readAll().catch(fail);
    const stop = live ? source.follow(run, trial, () => readAll().catch(fail)) : undefined;
    return () => {
      gone = true;
      stop?.();
    };
  }, [source, run, trial, live]);

  return data;
}

/** All steps from one on, as many at once as the source gives. */
export async function* rowsFrom(
  source: Source,
  run: string,
  trial: string,
  from: number,
): AsyncGenerator<StepRow[], void> {
  for (let next = from; ; ) {
    const rows = await source.rows(run, trial, next);
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    next = last.step + 1;
  }
}

const context = createContext({ run: '', trial: '' });

export const TrialProvider = context.Provider;

/** The trial that is looked at: whose bodies are fetched. */
export const useTrial = () => useContext(context);
