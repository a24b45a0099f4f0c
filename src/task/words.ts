import type { AuthorFile } from '../schema/author-folder.ts';

/**
 * Files with words in the place of those that are published, all replaced at once and only as whole words: `46` stands neither in `146` nor
 * in `46.0`. `missing` are words that stand in none of them.
 */
export function withWords(
  files: readonly AuthorFile[],
  words: Readonly<Record<string, string>>,
): { files: AuthorFile[]; missing: string[] } {
  const published = Object.keys(words).sort((a, b) => b.length - a.length);
  if (published.length === 0) return { files: [...files], missing: [] };
  const pattern = new RegExp(published.map(wholeWord).join('|'), 'g');
  const seen = new Set<string>();
  const replaced = files.map((file) => {
    const text = textOf(file);
    if (text === undefined) return file;
    const now = text.replace(pattern, (word) => {
      seen.add(word);
      return words[word] ?? word;
    });
    return now === text ? file : { ...file, content: Buffer.from(now) };
  });
  return { files: replaced, missing: published.filter((word) => !seen.has(word)) };
}

/** A file's text; undefined for a link, and for what is no UTF-8 text. */
export function textOf({ content, target }: AuthorFile): string | undefined {
  if (target !== undefined || content.includes(0)) return undefined;
  const text = content.toString('utf8');
  return Buffer.byteLength(text) === content.length && !text.includes('\uFFFD') ? text : undefined;
}

function wholeWord(word: string): string {
  const text = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const before = /^\d/.test(word) ? '(?<![\\w])(?<!\\d[.,])' : /^\w/.test(word) ? '(?<!\\w)' : '';
  const after = /\d$/.test(word) ? '(?![\\w])(?![.,]\\d)' : /\w$/.test(word) ? '(?!\\w)' : '';
  return `${before}${text}${after}`;
}
