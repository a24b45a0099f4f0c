import { type StructuredPatchHunk, structuredPatch } from 'diff';
import { useMemo, useState } from 'react';
import { Visible } from '../../text/visible.tsx';

const context = 3;
const linesAtOnce = 400;
/** How long a comparison may take, in milliseconds. */
const maxDiffMs = 500;

interface DiffProps {
  before: string;
  after: string;
  marks?: readonly string[];
  /** Whether these are parts of files, whose lines have no numbers. */
  part?: boolean;
}

/** Two texts as one unified diff with the numbers of their lines. */
export function FileDiff({ before, after, marks = [], part = false }: DiffProps) {
  const [shown, setShown] = useState(linesAtOnce);
  const lines = useMemo(
    () => numbered(before, after)?.filter(({ kind }) => !part || kind !== 'hunk'),
    [before, after, part],
  );
  if (!lines) return <p className="note">too different to be compared line by line</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="unified" aria-label="Difference" tabIndex={0}>
      <table>
        <tbody>
          {lines.slice(0, shown).map((line, index) => (
            <tr key={`${index}`} className={line.kind}>
              {!part && <td className="number">{line.old}</td>}
              {!part && <td className="number">{line.now}</td>}
              <td className="sign">{signs[line.kind]}</td>
              <td>
                <Visible text={line.text} marks={marks} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > shown && (
        <button type="button" className="more" onClick={() => setShown(shown + linesAtOnce)}>
          {lines.length - shown} more lines
        </button>
      )}
    </section>
  );
}

interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'hunk';
  text: string;
  old?: number;
  now?: number;
}

const signs: Record<DiffLine['kind'], string> = { same: '', added: '+', removed: '−', hunk: '' };

function numbered(before: string, after: string): DiffLine[] | undefined {
  const patch = structuredPatch('', '', before, after, '', '', { context, timeout: maxDiffMs });
  return patch?.hunks.flatMap(linesOf);
}

function linesOf({ oldStart, newStart, oldLines, newLines, lines }: StructuredPatchHunk): DiffLine[] {
  let [old, now] = [oldStart, newStart];
  const title = `lines ${oldStart}–${oldStart + oldLines - 1} → ${newStart}–${newStart + newLines - 1}`;
  const body = lines.map((line): DiffLine => {
    const text = line.slice(1);
    if (line[0] === '+') return { kind: 'added', text, now: now++ };
    if (line[0] === '-') return { kind: 'removed', text, old: old++ };
    return line[0] === ' '
      ? { kind: 'same', text, old: old++, now: now++ }
      : { kind: 'hunk', text: line.slice(2) };
  });
  return oldLines === 0 || newLines === 0 ? body : [{ kind: 'hunk', text: title }, ...body];
}
