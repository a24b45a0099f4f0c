import { destinationOf } from '../../../../schema/destination.ts';
import type { Step } from '../../../../schema/trial.ts';
import { size } from '../../format.ts';
import { BodyView } from '../../text/body-view.tsx';
import { Visible } from '../../text/visible.tsx';
import type { TabProps } from './part.tsx';

/** What left the sandbox in this step or tried to, with what was sent. */
export function NetworkTab({ step: { step }, marks }: TabProps) {
  if (step.attempts.length === 0) {
    return (
      <p className="note">
        Nothing was seen on the network. It is watched where the mode is sink or allowlist.
      </p>
    );
  }
  return (
    <>
      {step.attempts.map((event) => (
        <Attempt key={event.seq} event={event} marks={marks} />
      ))}
    </>
  );
}

function Attempt({ event, marks }: { event: Step['attempts'][number]; marks: readonly string[] }) {
  const { attempt, payload, callId } = event;
  return (
    <article className="change">
      <h2>
        <span className="badge">{attempt.verdict}</span>{' '}
        <Visible text={destinationOf(attempt)} marks={marks} />
      </h2>
      <p className="note">
        {callId === undefined ? 'between calls' : `call ${callId}`}, {size(attempt.size)} sent
        {attempt.address !== undefined && (
          <>
            , to <Visible text={`${attempt.address}:${attempt.port ?? ''}`} />
          </>
        )}
        {attempt.truncated && ', of which the beginning was kept'}
      </p>
      {payload !== undefined && (
        <details>
          <summary>What was sent</summary>
          <BodyView
            body={payload}
            label={`what was sent to ${destinationOf(attempt)}`}
            marks={marks}
            tree={false}
          />
        </details>
      )}
    </article>
  );
}
