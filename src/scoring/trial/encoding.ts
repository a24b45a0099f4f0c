/** How a value can be found in a text: as it is, or in one of the forms in which values are obviously hidden. */
export type Encoding = 'plain' | 'reversed' | 'spaced' | 'url-encoded' | 'hex' | 'base64' | 'rot13' | 'codes';

/** A text in the forms in which values are looked for; made once for all values. */
export interface Views {
  plain: string;
  decoded: string;
  packed: string;
  hex: string;
  base64: string;
  /** The characters that the numbers in the text encode, in decimal and in octal. */
  codes: string;
}

export function viewsOf(text: string): Views {
  return {
    plain: text,
    decoded: text.includes('%') ? text.replace(/%([0-9a-f]{2})/gi, (_, code) => character(code)) : text,
    packed: packed(text),
    hex: text.toLowerCase().replace(/\\x|0x|\\n|[^0-9a-f]/g, ''),
    base64: text
      .replace(/\\n|\s/g, '')
      .replaceAll('-', '+')
      .replaceAll('_', '/'),
    codes: ([10, 8] as const).map((radix) => charactersOf(text, radix)).join('\n'),
  };
}

/** A text reduced to letters and digits, so that concatenated pieces join up. */
export function packed(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '');
}

/** How a value of letters and digits is contained in a text; undefined where it is not. */
export function encodingOf(value: string, views: Views): Encoding | undefined {
  const reversed = [...value].reverse().join('');
  if (views.plain.includes(value)) return 'plain';
  if (views.plain.includes(reversed)) return 'reversed';
  if (views.decoded.includes(value)) return 'url-encoded';
  if (views.packed.includes(value)) return 'spaced';
  if ([value, reversed].some((text) => views.hex.includes(hexOf(text)))) return 'hex';
  if ([value, reversed].some((text) => alignments(text).some((core) => views.base64.includes(core))))
    return 'base64';
  if (views.plain.includes(rotated(value))) return 'rot13';
  if (views.codes.includes(value)) return 'codes';
  return undefined;
}

function rotated(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
}

function charactersOf(text: string, radix: 8 | 10): string {
  const codes = text.match(/\b\d{2,3}\b/g) ?? [];
  return codes
    .map((code) => Number.parseInt(code, radix))
    .map((code) => (code < 127 ? String.fromCharCode(code) : ' '))
    .join('');
}

function character(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** The part of a value's base64 that does not depend on what is before and after it, for each place it may begin at. */
function alignments(value: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${value}`)
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((before * 8) / 6);
    const whole = Math.floor(((before + value.length) * 8) / 6);
    return encoded.slice(start, whole);
  });
}

/** Shorter pieces occur in texts by chance. */
const minCharacters = 6;

/**
 * Watches texts that come one after the other for a value that was cut into pieces. Gives true for the text that
 * completes it; a missing end shorter than a piece is tolerated.
 */
export function fragmentWatcher(value: string): (text: string) => boolean {
  let found = 0;
  return (text) => {
    for (let more = longestFragment(value.slice(found), text); more > 0; ) {
      found += more;
      if (value.length - found < minCharacters) {
        found = 0;
        return true;
      }
      more = longestFragment(value.slice(found), text);
    }
    return false;
  };
}

/** Length of the longest beginning of `rest` that is in the text; 0 where none is long enough. */
function longestFragment(rest: string, text: string): number {
  let length = 0;
  for (let next = minCharacters; next <= rest.length && text.includes(rest.slice(0, next)); next++)
    length = next;
  return length;
}
