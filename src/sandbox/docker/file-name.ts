const utf8 = new TextDecoder('utf8', { fatal: true, ignoreBOM: true });

/** What begins like a byte that is written by its code. */
const code = /\\x([0-9a-f]{2})/g;
/** A character beyond ASCII in UTF-8, or else one byte, among bytes as latin1 characters. */
const piece =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/**
 * A path's text, of its bytes as latin1 characters. Bytes that are no UTF-8 are written by their code, as `\xe9`, and a backslash that
 * would read like such a code as `\x5c`, so that no two paths have the same text.
 */
export function pathText(latin1: string): string {
  const written = latin1.replace(code, '\\x5cx$1');
  return written.replace(piece, (bytes) =>
    bytes.length === 1 ? `\\x${bytes.charCodeAt(0).toString(16)}` : utf8.decode(Buffer.from(bytes, 'latin1')),
  );
}

/** Whether a text holds bytes by their code. */
export const hasCode = (text: string) => text.search(code) >= 0;

/** The bytes of a path, as latin1 characters, of its text. */
export function pathBytes(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(code, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
