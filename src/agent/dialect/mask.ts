/** What is never twice the same, and what stands for it. Longer forms come first. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/\bsk-proctor-[\w-]+/g, '{token}'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '{id}'],
  [/\b(?:call|toolu|msg|rs|fc|fco|ctc|lsh|resp|chatcmpl|ses|thread|item|req|agent)[_-][\w-]{4,}/g, '{id}'],
  [/\bChunk ID: [0-9a-f]{6}\b/g, 'Chunk ID: {id}'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?Z| ?[+-]\d\d:?\d\d)?)?/g, '{time}'],
  [
    /\b(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]* \d{1,4}(?:,? (?:\d\d:\d\d:\d\d (?:[A-Z]{3,4} )?)?\d{4})?/g,
    '{time}',
  ],
  [/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, '{time}'],
  [/\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AP]M)?\b/g, '{time}'],
  [/\b1[5-9]\d{8}(?:\d{3})?\b/g, '{time}'],
  [/\b\d+(?:\.\d+)? ?(?:ms|milliseconds?|s|secs?|seconds?|min|minutes?)\b/g, '{time}'],
  [/\/(?:var\/)?tmp\/[^\s"'`<>)\]},;:]+/g, '{path}'],
  [/\b(127\.0\.0\.1|localhost):\d+/g, '$1:{port}'],
  [/\b(P?P?(?:GID|ID)s?)\b(\W{0,3})\d+\b/gi, '$1$2{id}'],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,64}\b/g, '{id}'],
];

/** A text with ids, times, paths of temporary files and ports masked. */
export const masked = (text: string): string =>
  masks.reduce((left, [form, mask]) => left.replace(form, mask), text);
