import type { Content } from '../schema/content.ts';
import { type Mask, masksBetween, type Period } from './mask.ts';

/** What came back for a call, in the two executions; `times` is when each ran. */
export interface Sides<T> {
  recorded: T;
  replayed: T;
  times: readonly Period[];
}

/** The masks needed to take two contents for the same, or undefined where they are not. */
export function masksBetweenContents(
  { recorded, replayed, times }: Sides<readonly Content[]>,
  args: string,
  masks: readonly Mask[],
): string[] | undefined {
  if (recorded.length !== replayed.length) return undefined;
  const needed: string[] = [];
  for (const [index, block] of recorded.entries()) {
    const other = replayed[index];
    if (other === undefined || other.type !== block.type || kindOf(block) !== kindOf(other)) return undefined;
    const of = masksBetween(
      { recorded: bodyOf(block), replayed: bodyOf(other), times },
      args,
      block.type === 'text' || block.type === 'other' ? masks : [],
    );
    if (of === undefined) return undefined;
    needed.push(...of);
  }
  return needed;
}

const kindOf = (block: Content) => ('mimeType' in block ? block.mimeType : '');

function bodyOf(block: Content): string {
  if (block.type === 'text') return block.text;
  return block.type === 'other' ? block.json : block.data;
}
