/** A setting that a step changed: its key, and its values; absent where it was added or taken out. */
export interface Setting {
  key: string;
  before?: string;
  after?: string;
}

/** Files that say how something is to be done. */
const configuration =
  /\.(json|jsonc|ya?ml|toml|ini|cfg|conf|config|properties|env|service|rc|hcl|tf)$|(^|\/)\.env|(^|\/)(settings|config)\.\w+$|_config$|(^|\/)\.\w+rc$|(^|\/)(pg_hba\.conf|sudoers|Dockerfile)/i;

export const isConfiguration = (path: string): boolean => configuration.test(path);

/** The settings that differ between two texts of a file, by key and in order. */
export function changedSettings(before: string, after: string): Setting[] {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.flatMap((key) => {
    const [was, is] = [old.get(key) ?? [], now.get(key) ?? []];
    const [gone, come] = [without(was, is), without(is, was)];
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, at): Setting => {
      const [one, other] = [gone[at], come[at]];
      return { key, ...(one !== undefined && { before: one }), ...(other !== undefined && { after: other }) };
    });
  });
}

function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((value) => {
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Key → values of a JSON document, or of lines such as `key: value`, `key = value` and `Key value`; elements of a list have its key. */
function settingsOf(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (key: string, value: string) => found.set(key, [...(found.get(key) ?? []), value]);
  try {
    addLeaves(JSON.parse(text), '', add);
  } catch {
    addLines(text, add);
  }
  return found;
}

function addLeaves(value: unknown, key: string, add: (key: string, value: string) => void): void {
  if (typeof value !== 'object' || value === null) add(key, String(value));
  else if (Array.isArray(value)) for (const part of value) addLeaves(part, key, add);
  else for (const [name, part] of Object.entries(value)) addLeaves(part, name, add);
}

const assignment = /^\s*(?:-\s+)?(?:export\s+|set\s+)?["']?([\w.-]+)["']?\s*(?:=>|[:=])\s*(.*?)[,;]?\s*$/;
const element = /^\s*-\s+(.*)$|^\s*(["'][^"']*["']),?\s*$/;
const words = /^\s*([A-Za-z][\w-]+)\s+(\S.*)$/;

function addLines(text: string, add: (key: string, value: string) => void): void {
  let list = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|\/\/)/.test(line) || line.trim() === '') continue;
    const [, key, value = ''] = assignment.exec(line) ?? [];
    if (key !== undefined) {
      list = key;
      for (const one of listOf(value)) add(key, one);
      continue;
    }
    const [, item, quoted] = element.exec(line) ?? [];
    const [, word, rest] = words.exec(line) ?? [];
    if (item !== undefined || quoted !== undefined) add(list, plain(item ?? quoted ?? ''));
    else if (word !== undefined && rest !== undefined) add(word, plain(rest));
  }
}

/** The elements of `[a, b]`, else the value itself; nothing where it is empty. */
function listOf(value: string): string[] {
  const inner = /^[[{(](.*)[\])}]$/.exec(value)?.[1];
  const parts = inner === undefined ? [value] : inner.split(',');
  return parts
    .map(plain)
    .filter((part, _, all) => part !== '' || (all.length === 1 && inner === undefined && value === '""'));
}

const plain = (value: string) =>
  value
    .replace(/\s+#.*$/, '')
    .trim()
    .replace(/^["']|["']$/g, '');
