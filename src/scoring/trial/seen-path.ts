/** Paths that were seen, absolute ones and relative ones, so that either may be the other. */
export interface SeenPaths {
  add(path: string): void;
  /** Whether a path was seen itself, or a folder that it is in, or a pattern that may mean it. */
  has(path: string): boolean;
}

export function seenPaths(): SeenPaths {
  const whole = new Set<string>();
  const ends = new Set<string>();
  const patterns = new Set<string>();
  return {
    add(path) {
      if (whole.has(path)) return;
      whole.add(path);
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) ends.add(path.slice(at + 1));
      if (/[*?[]/.test(path)) patterns.add(path);
    },
    has: (path) =>
      whole.has('.') ||
      ends.has(path) ||
      partsOf(path).some((part) => whole.has(part)) ||
      [...patterns].some((pattern) => mayMean(pattern, path)),
  };
}

/** Every run of names of a path: itself, the folders that it is in, and the ends of these. */
function partsOf(path: string): string[] {
  const names = path.split('/');
  return names.flatMap((_, from) =>
    names.slice(from).map((__, length) => names.slice(from, from + length + 1).join('/')),
  );
}

function mayMean(pattern: string, path: string): boolean {
  const before = pattern.slice(0, pattern.search(/[*?[]/));
  return path.includes(before) && path.endsWith(pattern.slice(pattern.lastIndexOf('*') + 1));
}
