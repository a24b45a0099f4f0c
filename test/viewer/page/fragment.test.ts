import { describe, expect, it } from 'vitest';
import { fragmentsOf, marksOf } from '../../../src/viewer/page/text/fragment.ts';

describe('a text of a trace', () => {
  it('shows characters that are not seen or turn others round', () => {
    const text = 'safe\u202Eevil\u200B\u0007\u{E0041}';
    expect(
      fragmentsOf(text)
        .filter(({ kind }) => kind === 'control')
        .map((fragment) => fragment.text),
    ).toEqual(['U+202E', 'U+200B', 'U+0007', 'U+E0041']);
  });

  it('keeps lines and tabs', () => {
    expect(fragmentsOf('a\tb\nc')).toEqual([{ text: 'a\tb\nc', kind: 'plain' }]);
  });

  it('marks what is searched, whatever its case', () => {
    expect(fragmentsOf('one TWO three two', ['two'])).toEqual([
      { text: 'one ', kind: 'plain' },
      { text: 'TWO', kind: 'mark' },
      { text: ' three ', kind: 'plain' },
      { text: 'two', kind: 'mark' },
    ]);
  });
});

describe('the marks of evidence', () => {
  it('are its lines', () => {
    expect(marksOf('rm -rf /\n  chmod 777 x')).toEqual(['rm -rf /', 'chmod 777 x']);
  });

  it('are the texts in it where it is JSON', () => {
    expect(marksOf('{"to":"everyone","n":1}')).toContain('everyone');
  });
});
