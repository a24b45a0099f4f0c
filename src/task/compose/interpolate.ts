/** What a variable is; undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/** A variable that has to be set and is not; its message is the file's own. */
export class MissingVariable extends Error {}

const name = '[A-Za-z_][A-Za-z0-9_]*';
const opening = new RegExp(`\\$(?:(\\$)|(${name})|\\{(${name})(?:(:?[-?+]))?)`, 'y');

/**
 * A text with its variables filled in, as compose does: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?error}`,
 * `${NAME:+other}`, one within another, and `$$` for a dollar sign. `unset` is told of those that are not set and have no default.
 */
function interpolate(text: string, lookup: Lookup, unset: (name: string) => void): string {
  return expand(text, 0, lookup, unset, false).text;
}

function expand(
  text: string,
  start: number,
  lookup: Lookup,
  unset: (name: string) => void,
  isInside: boolean,
): { text: string; end: number } {
  let made = '';
  let at = start;
  while (at < text.length) {
    if (isInside && text[at] === '}') return { text: made, end: at };
    opening.lastIndex = at;
    const match = opening.exec(text);
    if (!match) {
      made += text[at];
      at += 1;
      continue;
    }
    const [whole, dollar, plain, braced = '', operator] = match;
    at += whole.length;
    if (dollar !== undefined) made += '$';
    else if (plain !== undefined) made += valueIn(plain, lookup, unset);
    else if (operator === undefined) {
      if (text[at] !== '}') throw new MissingVariable(`"${text}" is not a text with variables`);
      made += valueIn(braced, lookup, unset);
      at += 1;
    } else {
      const value = lookup(braced);
      const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
      const takesOther = operator.endsWith('+') ? isSet : !isSet;
      const other = expand(text, at, lookup, takesOther ? unset : () => {}, true);
      if (operator.endsWith('?') && !isSet)
        throw new MissingVariable(`the variable ${braced} is not set${other.text && `: ${other.text}`}`);
      made += operator.endsWith('+') ? (isSet ? other.text : '') : isSet ? value : other.text;
      at = other.end + 1;
    }
  }
  return { text: made, end: at };
}

function valueIn(variable: string, lookup: Lookup, unset: (name: string) => void): string {
  const value = lookup(variable);
  if (value === undefined) unset(variable);
  return value ?? '';
}

/** Data with the variables of all its texts filled in; keys are left as they are. */
export function interpolateAll(data: unknown, lookup: Lookup, unset: (name: string) => void): unknown {
  if (typeof data === 'string') return interpolate(data, lookup, unset);
  if (Array.isArray(data)) return data.map((one) => interpolateAll(one, lookup, unset));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, interpolateAll(value, lookup, unset)]),
  );
}
