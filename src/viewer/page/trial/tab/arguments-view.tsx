import { useMemo } from 'react';
import type { Body } from '../../../../schema/body.ts';
import { BodyView } from '../../text/body-view.tsx';
import { jsonIn } from '../../text/json-in.ts';
import { JsonTree } from '../../text/json-tree.tsx';
import { TextLines } from '../../text/text-lines.tsx';
import { Visible } from '../../text/visible.tsx';
import { EditView, editOf } from './edit.tsx';

interface ArgumentsProps {
  tool: string;
  body: Body;
  marks: readonly string[];
}

/** Arguments of a call: an edit as a diff, texts as they are, so that a command reads as one, everything else as a tree. */
export function ArgumentsView({ tool, body, marks }: ArgumentsProps) {
  const given = useMemo(() => (typeof body === 'string' ? jsonIn(body) : undefined), [body]);
  const edit = useMemo(() => editOf(tool, body), [tool, body]);
  if (edit) return <EditView edit={edit} marks={marks} />;
  if (!given) return <BodyView body={body} label="arguments" marks={marks} />;
  const entries = Object.entries(given);
  if (entries.length === 0) return <p className="note">no arguments</p>;
  return (
    <dl className="arguments">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <Visible text={name} />
          </dt>
          <dd>
            {typeof value === 'string' ? (
              <TextLines text={value} marks={marks} label={name} />
            ) : (
              <JsonTree value={value} marks={marks} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
