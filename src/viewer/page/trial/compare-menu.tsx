import { useState } from 'react';
import { hashOf } from '../place.ts';
import { useAnswer, useSource } from '../source/source-context.tsx';

/** Other trials of the same task, to be put beside this one. */
export function CompareMenu({ run, trial, task }: { run: string; trial: string; task: string }) {
  const source = useSource();
  const [open, setOpen] = useState(false);
  const { value, error } = useAnswer(async () => (open ? source.run(run) : undefined), [open, run]);
  const others = value?.trials.filter((one) => one.task === task && one.trial !== trial) ?? [];
  return (
    <details className="menu" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Compare…</summary>
      <div>
        {others.map((one) => (
          <a key={one.trial} href={hashOf({ view: 'compare', run, trial, other: one.trial })}>
            {one.agent} #{one.attempt} <span className="note">{one.outcome}</span>
          </a>
        ))}
        {value && others.length === 0 && <p className="note">no other trial of this task in the run</p>}
        {error !== undefined && <p className="note bad">{error}</p>}
      </div>
    </details>
  );
}
