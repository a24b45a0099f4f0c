import type { Content } from '../../schema/content.ts';
import { sha256 } from '../../trace/digest.ts';
import type { ExportedFile } from '../scored-trial.ts';
import type { AtifPart } from './schema.ts';

/** Content as ATIF has it; images become files that are named by their digests. */
export interface AtifContent {
  content: string | AtifPart[];
  images: NonNullable<ExportedFile['beside']>;
  /** Whether the blocks can be told from `content` again. */
  exact: boolean;
}

export function atifContent(blocks: readonly Content[]): AtifContent {
  const [only] = blocks;
  if (only?.type === 'text' && blocks.length === 1) return { content: only.text, images: [], exact: true };
  const images: AtifContent['images'] = [];
  const content = blocks.map((block): AtifPart => {
    if (block.type === 'text') return { type: 'text', text: block.text };
    if (block.type === 'other') return { type: 'text', text: block.json };
    if (block.type === 'audio') return { type: 'text', text: `[audio ${block.mimeType}]` };
    const data = Buffer.from(block.data, 'base64');
    const path = `images/${sha256(data)}.${block.mimeType.replace(/^image\//, '').replace(/\W.*/, '')}`;
    images.push({ path, data });
    return { type: 'image', source: { media_type: block.mimeType, path } };
  });
  const exact = blocks.every(({ type }) => type === 'text' || type === 'image');
  return { content, images, exact };
}

/** Blocks of ATIF content; `image` gives the bytes of a path as base64, or undefined where there is no such file. */
export function contentOf(
  content: string | AtifPart[] | null | undefined,
  image: (path: string) => string | undefined,
): Content[] {
  if (content == null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part): Content => {
    if (part.type === 'text') return part;
    const { media_type: mimeType, path } = part.source;
    const data = image(path);
    return data === undefined ? { type: 'text', text: `[image ${path}]` } : { type: 'image', mimeType, data };
  });
}

/** The text of a message. */
export function messageText(message: string | AtifPart[]): string {
  if (typeof message === 'string') return message;
  return message.map((part) => (part.type === 'text' ? part.text : `[image ${part.source.path}]`)).join('\n');
}
