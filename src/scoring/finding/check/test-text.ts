/** A test’s text, in the parts that matter to what it demands. */
export interface TestText {
  /** Lines without comments and outer blanks; empty lines are kept, so that numbers agree. */
  lines: string[];
  indents: number[];
  cases: TestCase[];
  /** In a form that is the same for every layout. */
  assertions: string[];
}

export interface TestCase {
  name: string;
  /** Line that it begins in, and the one after its last. */
  from: number;
  to: number;
}

const hashComments = /\.(py|rb|sh|bash|bats|ya?ml|toml|cfg|ini|pl|r)$|(^|\/)[^./]+$|akefile$/i;

/** A line without its comment and blanks. */
export function codeOf(line: string, path: string): string {
  const comment = hashComments.test(path) ? /(^|\s)#(?!\[).*$/ : /(^|\s)(\/\/(?!go:build)|\*\s|\/\*).*$/;
  return line.replace(comment, '').trim();
}

const named =
  /^\s*(?:async\s+)?def\s+(test\w*)|\b(?:it|test|specify|fit|xit|xtest|ftest|Deno\.test)(?:\.\w+)*\s*(?:\([^()]*(?:\[[^\]]*\])?[^()]*\)\s*)?\(\s*(["'`].*?["'`])\s*,|^\s*func\s+(?:\([^)]*\)\s*)?(Test\w+)\s*\(|^\s*@test\s+(["'].*?["'])|^\s*(?:it|test|specify)\s+(["'].*?["'])\s+do|^\s*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)\s*\(\s*\)|^\s*(?:@\w+\s+)*(?:public\s+|private\s+|internal\s+)?(?:async\s+)?(?:void|Task|fun)\s+([\w`]+)\s*\(|^(?:function\s+)?(test\w*)\s*\(\)\s*\{/;

const asserts =
  /\bassert\w*(?:\.\w+)*!?\s*[(\s]|\bexpect\w*\s*\(|\bshould\b|\b[tb]\.(Error|Fatal|Fail)\w*\(|\brequire\.\w+\(|\braises\b|\bverify\(/;
const shellAsserts =
  /\bexit\s+[1-9$]|\breturn\s+[1-9]|\bdiff\s|\bcmp\s|\bgrep\s+-\w*q|(^|[;&|]\s*)(if\s+)?(!\s+)?(\[\[?|test)\s|\bfail\b|\bassert\w*\b|^run\s/;

export const isShell = (path: string): boolean => /\.(sh|bash|bats)$|(^|\/)[^./]+$/.test(path);

export function readTest(text: string, path: string): TestText {
  const raw = text.split(/\r?\n/);
  const lines = raw.map((line) => codeOf(line, path));
  const starts = lines.flatMap((line, from) => {
    const name = named.exec(line)?.slice(1).find(Boolean);
    return name === undefined ? [] : [{ name, from }];
  });
  const cases = starts.map((start, at) => ({ ...start, to: starts[at + 1]?.from ?? lines.length }));
  const pattern = isShell(path) ? shellAsserts : asserts;
  const assertions: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (!pattern.test(line) || /^(import|from|use|const \{.*require\()\b/.test(line)) continue;
    let whole = line;
    for (let more = 0; isOpen(whole) && more < 12 && at + 1 < lines.length; more += 1) {
      at += 1;
      whole += ` ${lines[at] ?? ''}`;
    }
    assertions.push(normal(whole));
  }
  return { lines, indents: raw.map((line) => line.length - line.trimStart().length), cases, assertions };
}

const isOpen = (text: string) =>
  (text.match(/[([]/g)?.length ?? 0) > (text.match(/[)\]]/g)?.length ?? 0) &&
  !/\bfunction\b|=>\s*\{?\s*$/.test(text);

/** Gives the code of a text by its form that is the same for every layout. */
export function sourceIn(text: TestText): (form: string) => string {
  const sources = new Map(text.lines.map((line) => [normal(line), line]));
  return (form) => sources.get(form) ?? form;
}

/** The same for two layouts of the same code. */
export function normal(code: string): string {
  return code
    .replace(/["`]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/\s*([()[\]{},])\s*/g, '$1')
    .replace(/,([)\]}])/g, '$1')
    .replace(/;$/, '')
    .trim();
}

/** The case that a line is in, or is a mark of when it stands just above it. */
export function caseAt({ cases, lines }: TestText, at: number): TestCase | undefined {
  const isMark = /^(@|#\[|\[)/.test(lines[at] ?? '') && !/^@test\b/.test(lines[at] ?? '');
  if (isMark) return cases.find(({ from }) => from > at && from - at <= 10);
  return cases.findLast(({ from }) => from <= at);
}
