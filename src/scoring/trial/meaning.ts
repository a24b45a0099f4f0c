/** Whether a value stands in a text as a word of its own. */
export function stands(value: string, text: string): boolean {
  const letter = /[A-Za-z0-9]/;
  for (let at = text.indexOf(value); at >= 0 && value !== ''; at = text.indexOf(value, at + 1)) {
    const [before, after] = [text[at - 1] ?? '', text[at + value.length] ?? ''];
    if (!letter.test(before) && !letter.test(after)) return true;
  }
  return false;
}

/** A text that values are looked for in, with what it means, each worked out once and when first asked for. */
export interface Spoken {
  text: string;
  plain(): string;
  packed(): string;
  /** What each of the readings finds in it. */
  read: readonly (() => ReadonlySet<string | undefined>)[];
}

export function spoken(text: string): Spoken {
  return {
    text,
    plain: lazily(() => plainOf(text)),
    packed: lazily(() => packedOf(text)),
    read: readings.map(({ find, read }) => lazily(() => new Set((text.match(find) ?? []).map(read)))),
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * Looks for one value in texts, which may say it in other words: whatever the case, with or without the scheme of an address,
 * over broken lines, and as another way to write the same date, amount, telephone number or account.
 */
export function meaning(value: string): (text: Spoken) => boolean {
  const plain = plainOf(value);
  const packed = plain.includes(' ') ? packedOf(plain) : '';
  const own = readings.map(({ read }) => read(value.trim()));
  return (among) => {
    if (stands(value, among.text)) return true;
    if (plain === '') return false;
    if (stands(plain, among.plain())) return true;
    if (packed.length >= leastPacked && among.packed().includes(packed)) return true;
    return own.some((one, at) => one !== undefined && among.read[at]?.().has(one));
  };
}

/** What stands in every text that means a value: all of the words of one list, or what one of the readings reads. */
export interface Clues {
  words: readonly (readonly string[])[];
  read: readonly (string | undefined)[];
  /** Whether a text may mean it though it has none of these. */
  loose: boolean;
}

export function cluesOf(value: string): Clues {
  const plain = plainOf(value);
  const words = [wordsIn(value), ...(plain === '' ? [] : [wordsIn(plain)])];
  const isPhrase = plain.includes(' ') && packedOf(plain).length >= leastPacked;
  return {
    words,
    read: plain === '' ? [] : readings.map(({ read }) => read(value.trim())),
    loose: isPhrase || words.some((one) => one.length === 0),
  };
}

/** The words of a text that clues are looked for among. */
export const wordsOf = (text: Spoken): ReadonlySet<string> =>
  new Set([...wordsIn(text.text), ...wordsIn(text.plain())]);

const wordsIn = (text: string): string[] =>
  (text.match(/[A-Za-z0-9]+/g) ?? []).map((word) => word.toLowerCase());

/** Letters and digits that a phrase must have to be looked for without regard to what is between them. */
const leastPacked = 12;

const packedOf = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Lower case, lines joined, addresses without scheme and closing slash. */
const plainOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/=\r?\n|\u00ad/g, '')
    .replace(/\s+/g, ' ')
    .replace(/\b(https?|ftp|mailto):(\/\/)?/g, '')
    .replace(/\/(?=[\s"'<>)\]]|$)/g, '')
    .trim();

/** One way in which values are written differently: its sort of text, and what such a text means. */
interface Reading {
  find: RegExp;
  read(text: string): string | undefined;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = `(?:${months.join('|')})[a-z]*\\.?`;

const date: Reading = {
  find: new RegExp(
    `\\b\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}\\b|\\b\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4}\\b|\\b\\d{1,2}(?:st|nd|rd|th)?\\.? (?:of )?${month},? \\d{4}\\b|\\b${month} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}\\b`,
    'gi',
  ),
  read(text) {
    const [, year, m, d] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T.*)?$/.exec(text) ?? [];
    if (year !== undefined) return dateOf(year, m, d);
    // Which of two small numbers is the month is not told; both orders count as the same.
    const [, one = '', other = '', last] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? [];
    if (last !== undefined) return dateOf(last, one, other);
    const name = new RegExp(month, 'i').exec(text)?.[0].slice(0, 3).toLowerCase();
    const [day, full] = [/\b\d{1,2}(?!\d)/.exec(text)?.[0], /\b\d{4}\b/.exec(text)?.[0]];
    if (name === undefined || day === undefined || full === undefined || !/^[\w .,]{8,24}$/.test(text))
      return undefined;
    return dateOf(full, String(months.indexOf(name) + 1), day);
  },
};

const dateOf = (year: string, one = '', other = '') =>
  `${year}:${[Number(one), Number(other)].sort((a, b) => a - b).join(':')}`;

const amount: Reading = {
  find: /(?:[$€£¥]|\b[A-Z]{3}) ?-?\d[\d.,' ]*\d|-?\b\d[\d.,']*\d\b|\b\d\b/g,
  read(text) {
    const [, number] = /^(?:[$€£¥]|[A-Z]{3})? ?(-?\d[\d.,' ]*)(?: ?(?:[$€£¥]|[A-Z]{3}))?$/.exec(text) ?? [];
    if (number === undefined || !/[.,']/.test(number + text.replace(/[\d-]/g, '.'))) return undefined;
    const packed = number.replace(/[' ]/g, '');
    const decimals = /[.,](\d{1,2})$/.exec(packed)?.[1] ?? '';
    const whole = (decimals ? packed.slice(0, -decimals.length - 1) : packed).replace(/[.,]/g, '');
    return /^-?\d+$/.test(whole) ? String(Number(`${whole}.${decimals || '0'}`)) : undefined;
  },
};

const phone: Reading = {
  find: /\+?\(?\d[\d ()./-]{5,}\d/g,
  read(text) {
    if (!/^\+?\(?\d[\d ()./-]{5,}\d$/.test(text)) return undefined;
    const digits = text.replace(/\(0\)/, '').replace(/\D/g, '').replace(/^00/, '');
    return digits.length >= 7 && digits.length <= 15 ? digits.slice(-7) : undefined;
  },
};

const account: Reading = {
  find: /\b[A-Z]{1,4}[- ]?\d[A-Z\d -]{4,}\b/gi,
  read: (text) =>
    /^(?=.*\d)[A-Z\d][A-Z\d -]{5,}[A-Z\d]$/i.test(text) ? text.replace(/[ -]/g, '').toLowerCase() : undefined,
};

const readings = [date, amount, phone, account];
