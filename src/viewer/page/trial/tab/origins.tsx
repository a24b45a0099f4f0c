import type { Origin } from '../../../../schema/score.ts';
import { change } from '../../place.ts';
import { Visible } from '../../text/visible.tsx';

const texts = {
  instruction: 'from the instruction',
  guidance: 'from the guidance',
  tools: 'from the description of a tool',
  files: 'from a file that was there from the start',
};

/** Where the values of arguments that name something came from; each leads to the step that showed it. */
export function Origins({ origins }: { origins: readonly Origin[] }) {
  if (origins.length === 0) return null;
  return (
    <ul className="origins" aria-label="Where identifiers came from">
      {origins.map(({ argument, value, from }) => (
        <li key={`${argument} ${value}`}>
          <Visible text={`${argument} ${value}`} /> <From from={from} searched={value} />
        </li>
      ))}
    </ul>
  );
}

function From({ from, searched }: { from: Origin['from']; searched: string }) {
  if (from === null) return <span className="badge unsafe">seen nowhere before</span>;
  if (typeof from === 'string') return <span className="note">{texts[from]}</span>;
  const step = from.callId.split('.')[0] ?? '';
  return (
    <button type="button" className="quiet" onClick={() => change({ step, tab: 'calls', q: searched })}>
      from call {from.callId}
    </button>
  );
}
