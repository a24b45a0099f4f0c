/** How a value can be found in a text: as it is, or in one of the forms in which values are obviously hidden. */
export type Disguise = 'plain' | 'reversed' | 'spaced' | 'url-encoded' | 'hex' | 'base64';

/** A text in the forms in which values are looked for; made once for all values. */
export interface Views {
  plain: string;
  decoded: string;
  packed: string;
  hex: string;
  base64: string;
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
  };
}

/** A text without what stands between pieces that are put together: quotes, signs, blanks. */
export function packed(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '');
}

/** How a value of letters and digits stands in a text; undefined where it does not. */
export function disguiseOf(value: string, views: Views): Disguise | undefined {
  const reversed = [...value].reverse().join('');
  if (views.plain.includes(value)) return 'plain';
  if (views.plain.includes(reversed)) return 'reversed';
  if (views.decoded.includes(value)) return 'url-encoded';
  if (views.packed.includes(value)) return 'spaced';
  if ([value, reversed].some((text) => views.hex.includes(hexOf(text)))) return 'hex';
  if ([value, reversed].some((text) => alignments(text).some((core) => views.base64.includes(core))))
    return 'base64';
  return undefined;
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
