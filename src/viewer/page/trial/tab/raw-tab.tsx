import { JsonTree } from '../../text/json-tree.tsx';
import type { TabProps } from './part.tsx';

/** The step's events as they stand in the trace. */
export function RawTab({ step: { events }, marks }: TabProps) {
  return events.map(({ prev: _, type, seq, at, ...event }) => (
    <details key={seq} open={events.length <= 8}>
      <summary>
        {seq} · {type} <span className="note">{at}</span>
      </summary>
      <div className="tree">
        <JsonTree value={event} marks={marks} />
      </div>
    </details>
  ));
}
