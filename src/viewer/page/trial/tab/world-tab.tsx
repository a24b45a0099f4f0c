import { diffWordsWithSpace } from 'diff';
import { Fragment, useMemo } from 'react';
import type { Body } from '../../../../schema/body.ts';
import type { Json } from '../../../../schema/json.ts';
import type { StateChange } from '../../../../schema/state.ts';
import type { Call } from '../../../../schema/trial.ts';
import { size } from '../../format.ts';
import { BodyView } from '../../text/body-view.tsx';
import { JsonTree } from '../../text/json-tree.tsx';
import { useBody } from '../../text/use-body.ts';
import { Visible } from '../../text/visible.tsx';
import { EditView, editOf } from './edit.tsx';
import { FileDiff } from './file-diff.tsx';
import { Part, type TabProps } from './part.tsx';

const maxDiffedLength = 20_000;

/** What the step changed in the world, and which milestones hold after it. */
export function WorldTab({ page, step: { step }, marks }: TabProps) {
  const { state } = step;
  const milestones = Object.entries(step.milestones);
  const probed = Object.entries(step.probed ?? {});
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
      {probed.length > 0 && (
        <Part title="What the project’s probes say">
          {probed.map(([probe, said]) => (
            <details key={probe} open>
              <summary>
                <Visible text={probe} />
              </summary>
              {'error' in said ? (
                <p className="note">
                  no answer: <Visible text={said.error} />
                </p>
              ) : (
                <JsonTree value={said.answer as Json} />
              )}
            </details>
          ))}
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
      before.length + after.length > maxDiffedLength
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
        const Kind = added ? 'ins' : removed ? 'del' : Fragment;
        return (
          <Kind key={`${index}`}>
            <Visible text={value} />
          </Kind>
        );
      })}
    </p>
  );
}

type Entry = { [name: string]: Json };

/** A file or folder before and after: what it is in one line, and its text where that was kept. */
function FileChange({ change, contents }: { change: StateChange; contents: Record<string, Body> }) {
  const { before, after } = change;
  const [old, now] = [bodyOf(before, contents), bodyOf(after, contents)];
  return (
    <>
      <p className="note">
        <Visible text={[before, after].filter(isEntry).map(described).join(' → ')} />
      </p>
      {old !== undefined && now !== undefined && (before ?? after) !== undefined ? (
        <Texts old={old} now={now} />
      ) : (
        <p className="note">{whyNoText(before, after)}</p>
      )}
    </>
  );
}

/** Whether a value is a file's entry, and not a value of a server's state. */
function isEntry(value: Json | undefined): value is Entry {
  return typeof value === 'object' && value !== null && 'mode' in value && 'type' in value && 'size' in value;
}

function Texts({ old, now }: { old: Body; now: Body }) {
  const [before, after] = [useBody(old), useBody(now)];
  const error = before.error ?? after.error;
  if (error !== undefined) return <p className="note bad">{error}</p>;
  if (before.absent || after.absent)
    return <p className="note">this report was made without the file’s text</p>;
  const wanting = (body: Body, { text }: { text: string }) => typeof body !== 'string' && text === '';
  if (wanting(old, before) || wanting(now, after)) return null;
  return before.text === after.text ? null : <FileDiff before={before.text} after={after.text} />;
}

/** A file that is not there has no text. */
function bodyOf(entry: Json | undefined, contents: Record<string, Body>): Body | undefined {
  if (entry === undefined) return '';
  return isEntry(entry) && typeof entry.sha256 === 'string' ? contents[entry.sha256] : undefined;
}

function described(entry: Entry): string {
  const target = entry.target === undefined ? '' : ` to ${entry.target}`;
  const bytes = entry.type === 'file' ? `, ${size(Number(entry.size))}` : '';
  return `${entry.type}${target}${bytes}, mode ${entry.mode}`;
}

function whyNoText(before: Json | undefined, after: Json | undefined): string {
  const files = [before, after].filter(isEntry).filter(({ type }) => type === 'file');
  return files.length === 0 ? '' : 'Its text was not kept: only that of short text files is.';
}
