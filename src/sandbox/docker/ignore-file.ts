/** Whether a path of a build context, relative and with slashes, is left out of it. */
type IsIgnored = (path: string) => boolean;

export interface IgnoreRules {
  isIgnored: IsIgnored;
  /** Whether something below an ignored folder may be kept. */
  hasExceptions: boolean;
}

/** Reads a `.dockerignore` as Docker does: the last pattern that matches a path or a folder above it counts, `!` keeps what was left out. */
export function ignoreRules(text: string): IgnoreRules {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!')
    .map(patternOf);
  return {
    hasExceptions: patterns.some(({ keeps }) => keeps),
    isIgnored(path) {
      const all = selfAndAbove(path);
      return patterns.reduce(
        (ignored, { keeps, regex }) => (all.some((one) => regex.test(one)) ? !keeps : ignored),
        false,
      );
    },
  };
}

function patternOf(line: string): { keeps: boolean; regex: RegExp } {
  const keeps = line.startsWith('!');
  return { keeps, regex: regexOf(cleaned(keeps ? line.slice(1).trim() : line)) };
}

/** Without `.`, `..` and empty parts, as a path below the context. */
function cleaned(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** `*` and `?` stay within one name, `**` matches any number of folders. */
function regexOf(pattern: string): RegExp {
  const source = pattern.replaceAll(
    /\*\*\/|\*\*|\*|\?|\[[^\]]*\]|\\(.)|[.$^+(){}|]/g,
    (found: string, escaped?: string) => {
      if (escaped !== undefined) return `\\u${escaped.charCodeAt(0).toString(16).padStart(4, '0')}`;
      if (found.startsWith('[')) return found;
      return { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }[found] ?? `\\${found}`;
    },
  );
  return new RegExp(`^${source}$`, 's');
}

function selfAndAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
