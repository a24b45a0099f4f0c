import { useDeferredValue, useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { change } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';
import { useTrial } from '../source/trial-data.ts';
import { Visible } from '../text/visible.tsx';

/** Searches all events and bodies of the trial; what is found is marked in the step it leads to. */
export function SearchDialog({ close, begin }: { close: () => void; begin: string }) {
  const source = useSource();
  const { run, trial } = useTrial();
  const [text, setText] = useState(begin);
  const wanted = useDeferredValue(text.trim());
  const { value, error } = useAnswer(
    async (signal) => (wanted.length < 2 ? undefined : source.search(run, trial, wanted, signal)),
    [wanted],
  );
  const open = (step: number | null) => {
    change({ q: wanted, ...(step !== null && { step: String(step) }), from: '', to: '', show: '' });
    close();
  };
  return (
    <Dialog title="Search in everything" close={close}>
      <input
        type="search"
        aria-label="Searched text"
        placeholder="a word, a path, a part of an output…"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && value?.hits[0] && open(value.hits[0].step)}
      />
      <p role="status" className="note">
        {error ??
          (value ? `${value.hits.length}${value.cut ? ' and more' : ''} found` : 'at least two letters')}
      </p>
      <ul className="hits">
        {value?.hits.map(({ step, type, excerpt }, index) => (
          <li key={`${index}`}>
            <button type="button" onClick={() => open(step)}>
              <span className="note">
                {step === null ? 'trial' : `step ${step}`} · {type}
              </span>
              <code>
                <Visible text={excerpt} marks={[wanted]} />
              </code>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
