import { Visible } from '../../text/visible.tsx';
import type { Edit } from './edit.ts';
import { FileDiff } from './file-diff.tsx';

/** What an edit takes out and puts in, as a diff without the lines around it. */
export function EditView({ edit, marks }: { edit: Edit; marks: readonly string[] }) {
  const { command, path, before, after, line } = edit;
  return (
    <>
      <p className="edited">
        <span className="badge">{command}</span> <Visible text={path} marks={marks} />
        {line === undefined ? '' : ` after line ${line}`}
      </p>
      {before === after ? (
        <p className="note">nothing is changed by it</p>
      ) : (
        <FileDiff before={before} after={after} marks={marks} part />
      )}
    </>
  );
}
