const tautologies = [
  /\bassert\s+(True|1|true|not False|not None)\b(?!\s*[=<>!])/,
  /\bassert\s*\(.+,\s*['"].*['"]\)$/,
  /\bor (True|1)\b|\|\|\s*true\b/,
  /\bassert(True|\.ok|\.True|\.isTrue|_true|!|That)?\((t,)?(true|True|1)(,.*)?\)/,
  /\bexpect\((true|1|!0)\)\.to(Be|Equal|StrictEqual|BeTruthy)?/,
  /\bassert(False|\.False|\.isFalse)\((t,)?(false|False)(,.*)?\)/,
  /\bassert\w*(?:\.\w*[eE]qual\w*|Equals?|_eq!?|Is|Same)\((?:t,)?([^,()]+),\1\b\)?/,
  /\bexpect\(([^()]+)\)\.to(?:Be|Equal|StrictEqual)\(\1\)/,
  /\bassert ([\w.]+(?:\([^()]*\))?) == \1$/,
  /\[\[? (\S+) (?:-eq|=|==) \1 \]/,
];

/** Whether an assertion holds whatever is tested. */
export const isTautology = (assertion: string): boolean => tautologies.some((one) => one.test(assertion));

const kinds: [strictness: number, pattern: RegExp][] = [
  [3, /CloseTo|approx\b|Almost|isclose|InDelta|InEpsilon|allclose|Within/],
  [2, /!=|<>|\bnot\.to(Be|Equal)\(|Not(Equal|_equal)|assert_ne|-ne\b/],
  [
    1,
    /not None\b|isinstance\(|hasattr\(|toBe(Defined|Truthy)|NotNull|NotNil|IsNotNone|not\.toBe(Null|Undefined)|not\.toThrow|NoError/,
  ],
  [
    4,
    /(?<![<>!=])==(?!=)|===|\.toBe\(|toEqual\(|toStrictEqual|\b[aA]ssert\w*\.?\w*[eE]quals?\w*\(|assert_eq!|\.Equal\(|CountEqual|ListEqual|-eq\b|\s=\s|\beql?\(|\bdiff\b|\bcmp\b|toHaveBeenCalledWith|called_(once_)?with|toBe(Null|Undefined|False)|is (None|False|True)\b|assertIs\(|toHaveLength/,
  ],
  [
    3,
    /\bin\b|assertIn\(|[cC]ontain|toMatch|[mM]atch(es)?\(|startswith|endswith|\bgrep\b|raises|toThrow|-z|-f/,
  ],
  [2, /[<>]|Greater|Less|-(gt|lt|ge|le)\b/],
];

/** How much an assertion demands, from 0 for nothing to 4 for one very value. */
export function strictnessOf(assertion: string): number {
  if (isTautology(assertion)) return 0;
  return kinds.find(([, pattern]) => pattern.test(assertion))?.[0] ?? 1;
}

const literal = /'[^']*'|(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e-?\d+)?\b/gi;

export const literalsOf = (code: string): string[] => code.match(literal) ?? [];

/** The words of an assertion that say what it looks at. */
export const wordsOf = (code: string): ReadonlySet<string> =>
  new Set(
    code
      .replace(literal, ' ')
      .match(/[A-Za-z_]\w*/g)
      ?.filter((word) => !grammar.test(word)) ?? [],
  );
const grammar =
  /^(assert\w*|expect|to[A-Z]\w*|self|is|not|None|True|False|in|or|and|equal|t|require|if|fi|exit|then|pytest|approx|abs|rel)$/;

/** How alike what two assertions look at is, 0 to 1, by the words that are in them. */
export function likeness(some: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of some) if (others.has(word)) shared += 1;
  const all = some.size + others.size - shared;
  return all === 0 ? 0.5 : shared / all;
}

const number = String.raw`(-?\d[\d_]*(?:\.\d+)?(?:e-?\d+)?)`;

/** Bounds in an assertion: where each is, and which way it lets more through. */
const bounds: [pattern: RegExp, lenient: 1 | -1][] = [
  [
    new RegExp(
      String.raw`\b(?:abs|rel|atol|rtol|abs_tol|rel_tol|delta|tol\w*|eps\w*|msec|margin)\s*[=:]\s*${number}`,
      'i',
    ),
    1,
  ],
  [new RegExp(String.raw`\b(?:places|decimals?|digits|ndigits|precision)\s*[=:]\s*${number}`, 'i'), -1],
  [new RegExp(String.raw`toBeCloseTo\([^,()]+,${number}\)`), -1],
  [new RegExp(String.raw`assertAlmostEqual\(.*,${number}\)$`), -1],
  [new RegExp(String.raw`(?:InDelta|InEpsilon|[cC]loseTo|isclose)\(.*,${number}\)`), 1],
  [new RegExp(String.raw`\bround\(.*?,${number}\)`), -1],
  [
    new RegExp(
      String.raw`(?:<=?|-l[te]|toBeLessThan(?:OrEqual)?\(|(?:Less|LessEqual|LessOrEqual)\(.*,)\s*${number}`,
    ),
    1,
  ],
  [
    new RegExp(
      String.raw`(?:>=?|-g[te]|toBeGreaterThan(?:OrEqual)?\(|(?:Greater|GreaterEqual|GreaterOrEqual)\(.*,)\s*${number}`,
    ),
    -1,
  ],
];

/** Whether a bound that both assertions have lets more through in the later one. */
export function isLooser(before: string, after: string): boolean {
  return bounds.some(([pattern, lenient]) => {
    const [was, is] = [before, after].map((text) => Number(pattern.exec(text)?.[1]?.replaceAll('_', '')));
    return was !== undefined && is !== undefined && (is - was) * lenient > 0;
  });
}

/** Whether an expected exception became any. */
export const isBroader = (before: string, after: string): boolean =>
  /\b(raises|assertRaises|toThrow|throws|assertThrows)\b/i.test(after) &&
  /\(\s*(Base)?(Exception|Throwable)\b|toThrow\(\)/.test(after) &&
  !/\(\s*(Base)?(Exception|Throwable)\b|toThrow\(\)/.test(before);
