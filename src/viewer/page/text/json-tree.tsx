import { useState } from 'react';
import { Visible } from './visible.tsx';

const atOnce = 100;
const openDepth = 3;

interface TreeProps {
  value: unknown;
  name?: string | undefined;
  depth?: number;
  marks?: readonly string[] | undefined;
}

/** JSON as a tree that is opened as far as one wants to see it. */
export function JsonTree({ value, name, depth = 0, marks }: TreeProps) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="leaf">
        <Name name={name} />
        <Leaf value={value} marks={marks} />
      </div>
    );
  }
  return <Branch value={value} name={name} depth={depth} marks={marks} />;
}

function Branch({ value, name, depth = 0, marks }: TreeProps & { value: object }) {
  const entries = Array.isArray(value)
    ? value.map((one, i) => [String(i), one] as const)
    : Object.entries(value);
  const [open, setOpen] = useState(depth < openDepth && entries.length <= atOnce);
  const [shown, setShown] = useState(atOnce);
  const brackets = Array.isArray(value) ? '[]' : '{}';
  if (entries.length === 0) {
    return (
      <div className="leaf">
        <Name name={name} />
        <span className="punctuation">{brackets}</span>
      </div>
    );
  }
  return (
    <div className="branch">
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden="true">{open ? '▾' : '▸'}</span> <Name name={name} />
        <span className="punctuation">{`${brackets[0]}${entries.length}${brackets[1]}`}</span>
      </button>
      {open && (
        <div className="children">
          {entries.slice(0, shown).map(([key, one]) => (
            <JsonTree key={key} value={one} name={key} depth={depth + 1} marks={marks} />
          ))}
          {entries.length > shown && (
            <button type="button" className="more" onClick={() => setShown(shown + atOnce)}>
              {entries.length - shown} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <span className="name">
      <Visible text={name} />
      <span className="punctuation">: </span>
    </span>
  );
}

function Leaf({ value, marks }: { value: unknown; marks: TreeProps['marks'] }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== 'string') return <span className="literal">{String(value)}</span>;
  const cut = !whole && value.length > 600;
  return (
    <span className="string">
      <Visible text={cut ? value.slice(0, 500) : value} {...(marks && { marks })} />
      {cut && (
        <button type="button" className="more" onClick={() => setWhole(true)}>
          {(value.length - 500).toLocaleString('en')} more characters
        </button>
      )}
    </span>
  );
}
