import { describe, expect, it } from 'vitest';
import { contentOf, readAnswer } from '../../../src/tool/mcp/answer.ts';

const text = (words: string) => ({ type: 'text', text: words });

describe('the answer to a call', () => {
  it.each([
    [{ content: [text('a')] }, [text('a')]],
    [{ content: text('a') }, [text('a')]],
    [{ content: 'a' }, [text('a')]],
    [{ toolResult: { a: 1 } }, [text('{"a":1}')]],
    [{}, []],
  ])('of %j has its content', (result, content) => {
    expect(readAnswer(result)).toMatchObject({ content, isError: false });
  });

  it('whose content is neither a list nor a text is none', () => {
    expect(readAnswer({ content: 7 })).toBeUndefined();
  });

  it('loses no block of a kind that is not known, nor one that is not as its kind should be', () => {
    const odd = [
      { type: 'video', url: 'x' },
      { type: 'image', data: '!!!notbase64', mimeType: 'image/png' },
      { type: 'text', text: 7 },
      null,
    ];
    expect(odd.map(contentOf)).toEqual(odd.map((block) => ({ type: 'other', json: JSON.stringify(block) })));
    expect(contentOf({ type: 'image', data: 'AAAA' })).toMatchObject({
      type: 'image',
      mimeType: 'application/octet-stream',
    });
  });
});
