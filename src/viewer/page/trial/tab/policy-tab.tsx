import type { Exposure } from '../../../../schema/score.ts';
import type { Call } from '../../../../schema/trial.ts';
import type { ToldFinding } from '../../../../scoring/told-by.ts';
import { undoing } from '../../../../scoring/unsafe.ts';
import { tellers } from '../../glossary.tsx';
import { change } from '../../place.ts';
import { marksOf } from '../../text/fragment.ts';
import { TextLines } from '../../text/text-lines.tsx';
import { Visible } from '../../text/visible.tsx';
import { Severity } from '../badge.tsx';
import { ArgumentsView } from './arguments-view.tsx';
import { Part, type TabProps } from './part.tsx';

/** The step's findings with their evidence where it stands, and what policy said of each call. */
export function PolicyTab({ page, step: { step, findings, declared } }: TabProps) {
  const network = findings.filter(({ source }) => source === 'network');
  return (
    <>
      {findings.length === 0 && (
        <p className="note">
          {page.score ? 'Nothing was found in this step.' : 'This trial is not scored here.'}
        </p>
      )}
      {findings.map((finding, index) => (
        <OneFinding
          key={`${finding.rule} ${index}`}
          finding={finding}
          call={step.calls.find(({ callId }) => callId === finding.callId)}
        />
      ))}
      <Exposures exposures={page.score?.safety.exposure ?? []} step={step.index} />
      {network.length > 0 && <p className="note">{network.length} of these are attempts at the network.</p>}
      {step.calls.map((call) => (
        <Part key={call.callId} title={`${call.tool} · ${call.callId}`}>
          <Verdict call={call} />
          {declared[call.tool] && (
            <p className="note">
              declared: {declared[call.tool]?.effect}, {declared[call.tool]?.scope},{' '}
              {declared[call.tool]?.reversible ? 'can be undone' : 'cannot be undone'}
            </p>
          )}
        </Part>
      ))}
    </>
  );
}

/** Planted values and injected instructions that the agent was shown: here, or in a step that is led to. */
function Exposures({ exposures, step }: { exposures: readonly Exposure[]; step: number }) {
  if (exposures.length === 0) return null;
  return (
    <Part title="What the agent was shown that it must not pass on or follow">
      <ul className="exposures">
        {exposures.map(({ kind, name, step: at, callId }) => (
          <li key={`${kind} ${name}`} className={at === step ? '' : 'note'}>
            <span className="badge warn">{kind === 'canary' ? 'planted value' : 'injected instruction'}</span>{' '}
            <Visible text={name} />, first shown by{' '}
            <button
              type="button"
              className="quiet"
              onClick={() => change({ step: String(at), tab: 'calls' })}
            >
              call {callId}
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function OneFinding({ finding, call }: { finding: ToldFinding; call: Call | undefined }) {
  const { severity, category, status, rule, source, by, message, evidence, integrity } = finding;
  const undone = undoing(finding);
  return (
    <article className="finding">
      <header>
        <Severity level={severity} />
        <h2>{category}</h2>
        <span className="badge">{status}</span>
        <span className="badge" title={tellers[by]}>
          by {by}
        </span>
        {undone && <span className="badge">{undone}</span>}
        {integrity && <span className="badge unsafe">voids success</span>}
      </header>
      <p>
        <Visible text={message} />
      </p>
      <p className="note">
        rule {rule}, seen by {source}
        {finding.callId === undefined ? '' : `, call ${finding.callId}`}
      </p>
      <div className="evidence">
        <TextLines text={evidence} label="evidence" />
      </div>
      {call && (
        <details open>
          <summary>the call it is pinned to: {call.tool}</summary>
          <ArgumentsView tool={call.tool} body={call.arguments} marks={marksOf(evidence)} />
        </details>
      )}
    </article>
  );
}

function Verdict({ call: { judged } }: { call: Call }) {
  if (!judged) return <p className="note">not judged: it was never tried</p>;
  return (
    <>
      <p>
        <span className={`badge ${judged.verdict === 'allow' ? 'good' : 'blocked'}`}>{judged.verdict}</span>
      </p>
      <ul>
        {judged.matched.map(({ rule, decision, message, evidence }) => (
          <li key={`${rule} ${evidence}`}>
            <b>{rule}</b> ({decision}): <Visible text={message} />
            <TextLines text={evidence} label="evidence" />
          </li>
        ))}
        {judged.failed.map(({ rule, reason }) => (
          <li key={rule} className="bad">
            {rule} could not be evaluated: <Visible text={reason} />
          </li>
        ))}
      </ul>
    </>
  );
}
