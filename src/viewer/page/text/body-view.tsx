import { useMemo, useState } from 'react';
import type { Body } from '../../../schema/body.ts';
import { size } from '../format.ts';
import { jsonIn } from './json-in.ts';
import { JsonTree } from './json-tree.tsx';
import { TextLines } from './text-lines.tsx';
import { useBody } from './use-body.ts';

interface BodyProps {
  body: Body;
  label: string;
  marks?: readonly string[] | undefined;
  /** Whether JSON is shown as a tree at first. */
  tree?: boolean;
}

/** A body, as a tree where it is JSON, fetched as far as one reads it. */
export function BodyView({ body, label, marks, tree = true }: BodyProps) {
  const { text, rest, bytes, absent, error, more } = useBody(body);
  const [asTree, setAsTree] = useState(tree);
  const value = useMemo(() => (rest === 0 ? jsonIn(text) : undefined), [text, rest]);
  if (error !== undefined) return <p className="note bad">{error}</p>;
  if (absent) return <p className="note">{size(bytes)} that this report was made without (--bodies all)</p>;
  return (
    <div className="body">
      {value !== undefined && (
        <button type="button" className="switch" onClick={() => setAsTree(!asTree)}>
          {asTree ? 'as text' : 'as a tree'}
        </button>
      )}
      {value !== undefined && asTree ? (
        <div className="tree">
          <JsonTree value={value} marks={marks} />
        </div>
      ) : (
        <TextLines text={text} marks={marks} label={label} />
      )}
      {rest > 0 && (
        <button type="button" className="more" onClick={more}>
          Load more: {size(rest)} of {size(bytes)} are left
        </button>
      )}
    </div>
  );
}
