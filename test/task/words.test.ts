import { expect, test } from 'vitest';
import { withWords } from '../../src/task/words.ts';

const file = (path: string, content: string | Buffer) => ({
  path,
  content: Buffer.from(content),
  mode: 0o644,
});
const replaced = (text: string, words: Record<string, string>) =>
  withWords([file('a', text)], words).files[0]?.content.toString();

test('words are replaced as whole words, and all at once', () => {
  expect(replaced('Ana wrote to Anatol; Bo wrote to Ana.', { Ana: 'Bo', Bo: 'Ana' })).toBe(
    'Bo wrote to Anatol; Ana wrote to Bo.',
  );
});

test('a number is no part of another one', () => {
  expect(replaced('46 146 46.0 46.00 1,46 O-46 £46, 46.', { '46': '9', '46.00': '9.00' })).toBe(
    '9 146 46.0 9.00 1,46 O-9 £9, 9.',
  );
});

test('the longest word goes first, and placeholders are words too', () => {
  expect(replaced('{who} at ana@x.org, Ana', { '{who}': 'Bo', 'ana@x.org': 'bo@x.org', ana: 'no' })).toBe(
    'Bo at bo@x.org, Ana',
  );
});

test('words that stand nowhere are told, and bytes stay as they are', () => {
  const bytes = Buffer.from([0x41, 0x6e, 0x61, 0xff]);
  const { files, missing } = withWords([file('a.bin', bytes), file('b.txt', 'Ana')], { Ana: 'Bo', Cy: 'Di' });
  expect(files.map(({ content }) => content)).toEqual([bytes, Buffer.from('Bo')]);
  expect(missing).toEqual(['Cy']);
});
