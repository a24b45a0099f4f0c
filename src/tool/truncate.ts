import type { Content } from '../schema/content.ts';
import { otherText } from '../schema/other-content.ts';

/**
 * What an agent is shown of content blocks: of all text together the first and the last halves of `maxChars` UTF-16 units, with
 * a line between them that says how many are left out. Images and audio are kept whole.
 */
export function truncateContent(
  content: readonly Content[],
  { maxChars }: { maxChars: number },
): { shown: Content[]; truncated: boolean } {
  const total = content.reduce((sum, block) => sum + textIn(block).length, 0);
  if (total <= maxChars) return { shown: [...content], truncated: false };
  const gap = { start: Math.ceil(maxChars / 2), end: total - Math.floor(maxChars / 2) };
  let offset = 0;
  const parts = content.map((block) => {
    const text = textIn(block);
    const head = text.slice(0, pairStart(text, clamp(gap.start - offset, text.length)));
    const tail = text.slice(pairEnd(text, clamp(gap.end - offset, text.length)));
    const opensGap = gap.start >= offset && gap.start < offset + text.length;
    offset += text.length;
    return { block, head, tail, opensGap };
  });
  const elided = total - parts.reduce((sum, { head, tail }) => sum + head.length + tail.length, 0);
  const marker = `\n[… ${elided} characters elided …]\n`;
  const shown = parts.flatMap(({ block, head, tail, opensGap }) =>
    withText(block, `${head}${opensGap ? marker : ''}${tail}`),
  );
  return { shown, truncated: true };
}

function textIn(block: Content): string {
  if (block.type === 'text') return block.text;
  return block.type === 'other' ? otherText(block.json) : '';
}

function withText(block: Content, text: string): Content[] {
  if (block.type === 'image' || block.type === 'audio') return [block];
  if (text === '') return [];
  return [{ type: 'text', text }];
}

const clamp = (index: number, length: number) => Math.min(Math.max(index, 0), length);
const inPair = (text: string, index: number) => index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
const pairStart = (text: string, index: number) => (inPair(text, index) ? index - 1 : index);
const pairEnd = (text: string, index: number) => (inPair(text, index) ? index + 1 : index);
