import type { StoredContent } from '../../../schema/content.ts';
import { BodyView } from './body-view.tsx';
import { useBody } from './use-body.ts';

const shownTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** The blocks a tool gave back. */
export function ContentView({
  blocks,
  marks,
}: {
  blocks: readonly StoredContent[];
  marks: readonly string[];
}) {
  if (blocks.length === 0) return <p className="note">nothing came back</p>;
  return blocks.map((block, index) => <Block key={`${index}`} block={block} marks={marks} />);
}

function Block({ block, marks }: { block: StoredContent; marks: readonly string[] }) {
  if (block.type === 'text') return <BodyView body={block.text} label="output" marks={marks} />;
  if (block.type === 'other') return <BodyView body={block.json} label="output" marks={marks} />;
  if (block.type === 'image' && shownTypes.has(block.mimeType)) return <Picture {...block} />;
  return (
    <p className="note">
      {block.type} of type <bdi>{block.mimeType}</bdi>, not shown
    </p>
  );
}

function Picture({ data, mimeType }: Extract<StoredContent, { type: 'image' }>) {
  const { text, absent } = useBody(data);
  if (absent) return <p className="note">an image that this report was made without</p>;
  return text === '' ? null : (
    <img className="picture" src={`data:${mimeType};base64,${text}`} alt="what the tool gave back" />
  );
}
