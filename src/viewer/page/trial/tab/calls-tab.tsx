import type { Origin, StepScore } from '../../../../schema/score.ts';
import type { Call } from '../../../../schema/trial.ts';
import { duration } from '../../format.ts';
import { change } from '../../place.ts';
import { ContentView } from '../../text/content-view.tsx';
import { Visible } from '../../text/visible.tsx';
import { Badges } from '../badge.tsx';
import { ArgumentsView } from './arguments-view.tsx';
import type { TabProps } from './part.tsx';

/** Each call of a step: its arguments and all that came back. */
export function CallsTab({ step: { step, score }, marks }: TabProps) {
  return (
    <>
      {step.decision.text !== undefined && typeof step.decision.text === 'string' && (
        <p className="said">
          <Visible text={step.decision.text} marks={marks} />
        </p>
      )}
      {step.calls.length === 0 && <p className="note">The agent made no call in this step.</p>}
      {step.calls.map((call) => (
        <OneCall key={call.callId} call={call} score={score} marks={marks} />
      ))}
      {step.notice !== undefined && (
        <p className="note">
          Proctor told the agent: <Visible text={step.notice} />
        </p>
      )}
    </>
  );
}

interface OneCallProps {
  call: Call;
  score: StepScore | null;
  marks: readonly string[];
}

function OneCall({ call, score, marks }: OneCallProps) {
  const { callId, tool, judged, returned, malformed } = call;
  const { labels = [], origins = [] } = score?.calls.find((one) => one.callId === callId) ?? {};
  return (
    <article className="one-call">
      <header>
        <h2>
          <Visible text={tool} />
        </h2>
        <span className="note">
          {callId}
          {returned ? ` · ${duration(returned.durationMs)}` : ''}
          {returned && returned.source !== 'tool' ? ` · answered by ${returned.source}` : ''}
        </span>
        <Badges labels={labels} />
        {judged && judged.verdict !== 'allow' && judged.verdict !== 'record' && (
          <span className="badge blocked">{judged.verdict}</span>
        )}
      </header>
      {malformed === undefined ? (
        <ArgumentsView tool={tool} body={call.arguments} marks={marks} />
      ) : (
        <p className="bad">
          not a JSON object: <Visible text={malformed} />
        </p>
      )}
      <Origins origins={origins} />
      <Returned call={call} marks={marks} />
    </article>
  );
}

function Returned({ call: { returned, unread }, marks }: Omit<OneCallProps, 'score'>) {
  if (!returned) return <p className="note bad">never returned</p>;
  const { isError, errorClass, content, shown, truncated, captureCut } = returned;
  return (
    <div className={isError ? 'output bad-output' : 'output'}>
      {isError && <p className="bad">error{errorClass === undefined ? '' : ` (${errorClass})`}</p>}
      <ContentView blocks={content} marks={marks} />
      {captureCut && <p className="note bad">cut off at the capture cap</p>}
      {unread && <p className="note bad">the agent had stopped waiting, and never saw this</p>}
      {shown && (
        <details>
          <summary>
            {truncated ? 'What the agent was shown of it' : 'What the agent was shown instead'}
          </summary>
          <ContentView blocks={shown} marks={marks} />
        </details>
      )}
    </div>
  );
}

const texts = {
  instruction: 'from the instruction',
  guidance: 'from the guidance',
  tools: 'from the description of a tool',
  files: 'from a file that was there from the start',
  user: 'from what the user said later',
};

/** Where the values of arguments that name something came from; each leads to the step that showed it. */
function Origins({ origins }: { origins: readonly Origin[] }) {
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
