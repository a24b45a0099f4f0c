import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';
import type { Body } from '../../../../schema/body.ts';
import type { StateChange } from '../../../../schema/state.ts';
import type { Call } from '../../../../schema/trial.ts';
import { BodyView } from '../../text/body-view.tsx';
import { JsonTree } from '../../text/json-tree.tsx';
import { Visible } from '../../text/visible.tsx';
import { editOf } from './edit.ts';
import { EditView } from './edit-view.tsx';
import { FileChange, isEntry } from './file-change.tsx';
import { Part } from './part.tsx';
import type { TabProps } from './tab-props.ts';

const longestDiffed = 20_000;

/** What the step changed in the world, and which milestones hold after it. */
export function WorldTab({ page, step: { step }, marks }: TabProps) {
  const { state } = step;
  const milestones = Object.entries(step.milestones);
  return (
    <>
      {state?.error !== undefined && (
        <p className="bad">
          the state is not known: <Visible text={state.error} />
        </p>
      )}
      {!state && <Edits calls={step.calls} marks={marks} />}
      {state && state.changes.length === 0 && state.error === undefined && (
        <p className="note">This step changed nothing.</p>
      )}
      {state?.changes.map((change) => (
        <Change key={change.path} change={change} contents={state.contents} marks={marks} />
      ))}
      {milestones.length > 0 && (
        <Part title="Milestones after this step">
          <ul className="checks">
            {milestones.map(([name, held]) => (
              <li key={name} className={held ? 'good' : 'note'}>
                {held ? '✓' : '○'} <Visible text={name} />
              </li>
            ))}
            {step.unanswered.map((name) => (
              <li key={name} className="note">
                ? <Visible text={name} /> was not answered
              </li>
            ))}
          </ul>
        </Part>
      )}
      {page.initial !== null && (
        <details>
          <summary>The state before the first step</summary>
          <BodyView body={page.initial} label="initial state" />
        </details>
      )}
    </>
  );
}

/** Where nobody looked at the world: the edits that went through. */
function Edits({ calls, marks }: { calls: readonly Call[]; marks: readonly string[] }) {
  const edits = calls.flatMap((call) => {
    const edit = call.returned?.isError === false ? editOf(call.tool, call.arguments) : undefined;
    return edit ? { edit, callId: call.callId } : [];
  });
  return (
    <>
      <p className="note">
        The world was not looked at after this step
        {edits.length === 0 ? '.' : '; these edits went through, as far as their calls tell.'}
      </p>
      {edits.map(({ edit, callId }) => (
        <article key={callId} className="change changed">
          <EditView edit={edit} marks={marks} />
        </article>
      ))}
    </>
  );
}

interface ChangeProps {
  change: StateChange;
  contents: Record<string, Body>;
  marks: readonly string[];
}

function Change({ change, contents, marks }: ChangeProps) {
  const { op, path, before, after } = change;
  return (
    <article className={`change ${op}`}>
      <h2>
        <span className="badge">{op}</span> <Visible text={path} marks={marks} />
      </h2>
      {isEntry(before) || isEntry(after) ? (
        <FileChange change={change} contents={contents} />
      ) : typeof before === 'string' && typeof after === 'string' ? (
        <TextDiff before={before} after={after} />
      ) : (
        <div className="sides">
          <Side name="before" value={before} marks={marks} />
          <Side name="after" value={after} marks={marks} />
        </div>
      )}
    </article>
  );
}

function Side({ name, value, marks }: { name: string; value: unknown; marks: readonly string[] }) {
  return (
    <div className={name}>
      <p className="note">{name}</p>
      {value === undefined ? <p className="note">nothing</p> : <JsonTree value={value} marks={marks} />}
    </div>
  );
}

function TextDiff({ before, after }: { before: string; after: string }) {
  const parts = useMemo(
    () =>
      before.length + after.length > longestDiffed
        ? [
            { value: before, removed: true, added: false },
            { value: after, removed: false, added: true },
          ]
        : diffWordsWithSpace(before, after),
    [before, after],
  );
  return (
    <p className="diff">
      {parts.map(({ value, added, removed }, index) => {
        const key = `${index}`;
        if (added)
          return (
            <ins key={key}>
              <Visible text={value} />
            </ins>
          );
        if (removed)
          return (
            <del key={key}>
              <Visible text={value} />
            </del>
          );
        return <Visible key={key} text={value} />;
      })}
    </p>
  );
}
