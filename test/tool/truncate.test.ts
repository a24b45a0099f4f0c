import { describe, expect, it } from 'vitest';
import type { Content } from '../../src/schema/content.ts';
import { truncateContent } from '../../src/tool/truncate.ts';

const text = (value: string): Content => ({ type: 'text', text: value });

describe('what an agent is shown', () => {
  it('is everything where it fits', () => {
    expect(truncateContent([text('abc')], { maxChars: 3 })).toEqual({
      shown: [text('abc')],
      truncated: false,
    });
  });

  it('is head and tail of a long text, with the number of characters between', () => {
    expect(truncateContent([text('0123456789')], { maxChars: 5 })).toEqual({
      shown: [text('012\n[… 5 characters elided …]\n89')],
      truncated: true,
    });
  });

  it('does not cut through a character', () => {
    const { shown } = truncateContent([text('😀'.repeat(6))], { maxChars: 6 });
    expect(shown).toEqual([text('😀\n[… 8 characters elided …]\n😀')]);
  });

  it('keeps images, and elides over several blocks once', () => {
    const image: Content = { type: 'image', mimeType: 'image/png', data: 'A'.repeat(100) };
    const { shown } = truncateContent(
      [text('aaaa'), image, text('bbbb'), { type: 'other', json: '{"c":1}' }],
      {
        maxChars: 6,
      },
    );
    expect(shown).toEqual([text('aaa\n[… 9 characters elided …]\n'), image, text(':1}')]);
  });

  it('is nothing but the number where nothing may be shown', () => {
    expect(truncateContent([text('abc')], { maxChars: 0 }).shown).toEqual([
      text('\n[… 3 characters elided …]\n'),
    ]);
  });
});
