import { useEffect, useState } from 'react';
import type { StepRow, TrialPage } from '../../api.ts';
import { useSource } from '../source/source-context.tsx';

export interface TrialData {
  page?: TrialPage;
  rows?: StepRow[];
  error?: string;
}

/** A trial and its steps, followed while it goes on. */
export function useTrialData(run: string, trial: string): TrialData {
  const source = useSource();
  const [data, setData] = useState<TrialData>({});
  const live = data.page?.live === true;

  useEffect(() => {
    let gone = false;
    let known: StepRow[] = [];
    const take = (more: TrialData) => !gone && setData((before) => ({ ...before, ...more }));
    const fail = (error: Error) => take({ error: error.message });
    async function readAll(): Promise<void> {
      const from = Math.max(0, known.length - 2);
      const page = source.trial(run, trial).then((page) => take({ page }));
      const rows = await source.rows(run, trial, from);
      known = [...known.slice(0, from), ...rows];
      take({ rows: known });
      await page;
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
