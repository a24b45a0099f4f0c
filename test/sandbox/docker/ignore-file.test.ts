import { expect, test } from 'vitest';
import { ignoreRules } from '../../../src/sandbox/docker/ignore-file.ts';

const paths = ['a.md', 'sub/a.md', 'sub/deep/a.md', 'sub/b.txt', 'b.txt', '.env', 'sub/.env', '[x]'];
const kept = (text: string) => paths.filter((path) => !ignoreRules(text).isIgnored(path));
const without = (...left: string[]) => paths.filter((path) => !left.includes(path));

test.each<[string, string, string[]]>([
  ['a name counts at the top alone', 'a.md', without('a.md')],
  ['* stays within one name', '*.md', without('a.md')],
  [
    '** goes through any number of folders, none too',
    '**/*.md',
    without('a.md', 'sub/a.md', 'sub/deep/a.md'),
  ],
  ['a folder takes along what is in it', 'sub/', ['a.md', 'b.txt', '.env', '[x]']],
  ['./ and / in front are nothing', './a.md\n/b.txt', without('a.md', 'b.txt')],
  ['? is one letter', '?.txt', without('b.txt')],
  ['the last that matches counts', '*\n!sub\nsub/deep', ['sub/a.md', 'sub/b.txt', 'sub/.env']],
  ['order matters', '!sub/a.md\nsub', ['a.md', 'b.txt', '.env', '[x]']],
  ['one file may be kept of what is left out', '*\n!sub/b.txt', ['sub/b.txt']],
  ['comments, empty lines and ends of lines are nothing', '\uFEFF# a.md\n\n  b.txt  \r\n', without('b.txt')],
  ['classes of letters and escapes', '[a-b].*\n\\[x\\]', without('a.md', 'b.txt', '[x]')],
  ['a dot is a dot', '**/.env', without('.env', 'sub/.env')],
])('%s', (_, text, expected) => {
  expect(kept(text)).toEqual(expected);
});
