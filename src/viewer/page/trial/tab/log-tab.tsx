import type { LogLine } from '../../../api.ts';
import { useAnswer, useSource } from '../../source/source.tsx';
import { Visible } from '../../text/visible.tsx';
import type { TabProps } from './part.tsx';

/** What Proctor itself logged while the step went on, and all of the trial below. */
export function LogTab({ page, step: { step }, marks }: TabProps) {
  const source = useSource();
  const { value, error } = useAnswer(
    () => source.log(page.run, page.trial),
    [page.run, page.trial, page.steps],
  );
  if (error !== undefined) return <p className="bad">{error}</p>;
  if (!value) return null;
  const { startedAt, finishedAt } = step;
  const own = value.filter(({ at }) => at >= startedAt && (finishedAt === undefined || at <= finishedAt));
  return (
    <>
      {own.length === 0 ? (
        <p className="note">Nothing was logged while this step went on.</p>
      ) : (
        <LogLines lines={own} marks={marks} />
      )}
      {value.length > own.length && (
        <details>
          <summary>The whole trial ({value.length} lines)</summary>
          <LogLines lines={value} marks={marks} />
        </details>
      )}
    </>
  );
}

function LogLines({ lines, marks }: { lines: readonly LogLine[]; marks: readonly string[] }) {
  return (
    <ol className="log">
      {lines.map(({ at, level, text }, index) => (
        <li key={`${index}`}>
          <time dateTime={at}>{at.slice(11, 23)}</time>{' '}
          <b className={level === 'warn' || level === 'error' ? 'bad' : ''}>{level}</b>{' '}
          <Visible text={text} marks={marks} />
        </li>
      ))}
    </ol>
  );
}
