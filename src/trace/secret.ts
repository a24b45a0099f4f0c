import { ProctorError } from '../errors.ts';
import { encodeText } from './digest.ts';

/** Shorter values are not treated as secrets: they would be found in innocent text. */
const shortestSecret = 8;

/**
 * Replaces the values of secrets by `{{secret:NAME}}` and puts them back.
 * A value is also found JSON-escaped (up to three times) and URL-encoded, and then marked `{{secret:NAME:json}}`,
 * `:json2`, `:json3` or `:url`. Other disguises, such as base64 or a value cut in two, are not found.
 */
export interface Secrets {
  /** Names whose values are too short to be treated as secrets. */
  readonly ignored: string[];
  /** Lossless for any text: a marker that is in the text already is escaped as `{{secret::`. */
  hide(text: string): string;
  /** Replaces values only; text that went through `hide` stays as it is. */
  scrub(text: string): string;
  /** The inverse of `hide`; markers of unknown names stay. */
  reveal(text: string): string;
}

const open = '{{secret:';
const escaped = '{{secret::';

export function createSecrets(values: Readonly<Record<string, string>>): Secrets {
  const names = Object.keys(values);
  const used = names.filter((name) => (values[name] ?? '').length >= shortestSecret);
  const markers = markersOf(used.map((name) => [name, values[name] ?? '']));
  const forms = [...markers.keys()].sort((a, b) => b.length - a.length);
  const valueOfMarker = new Map([...markers].map(([value, marker]) => [marker, value]));

  const marked = alternatives([...valueOfMarker.keys()]);
  const found = alternatives(forms);
  const toHide = new RegExp([...alternatives([open]), ...found].join('|'), 'g');
  const toScrub = new RegExp([...marked, ...found].join('|'), 'g');
  const toReveal = new RegExp([...alternatives([escaped]), ...marked].join('|'), 'g');
  const holdsSecret = (text: string) => forms.some((form) => text.includes(form));

  return {
    ignored: names.filter((name) => !used.includes(name)),
    hide(text) {
      if (!text.includes(open) && !holdsSecret(text)) return text;
      return text.replace(toHide, (match) => (match === open ? escaped : (markers.get(match) ?? match)));
    },
    scrub(text) {
      if (!holdsSecret(text)) return text;
      return text.replace(toScrub, (match) => markers.get(match) ?? match);
    },
    reveal(text) {
      if (!text.includes(open)) return text;
      return text.replace(toReveal, (match) =>
        match === escaped ? open : (valueOfMarker.get(match) ?? match),
      );
    },
  };
}

/** Every form a value may appear in → its marker; the plainest form wins where two are the same. */
function markersOf(secrets: [name: string, value: string][]): Map<string, string> {
  const markers = new Map<string, string>();
  for (const [name, value] of secrets) {
    if (!/^[\w.-]+$/.test(name)) {
      throw new ProctorError(
        'bad-flag',
        `secret "${name}": expected a name of letters, digits, "_", "." and "-"`,
      );
    }
    for (const [suffix, form] of formsOf(value)) {
      if (!markers.has(form)) markers.set(form, `${open}${name}${suffix}}}`);
    }
  }
  return markers;
}

function formsOf(value: string): [suffix: string, form: string][] {
  const json = jsonEscaped(value);
  const json2 = jsonEscaped(json);
  return [
    ['', value],
    [':json', json],
    [':json2', json2],
    [':json3', jsonEscaped(json2)],
    [':url', urlEncoded(value)],
  ];
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A text with lone surrogates has no URL-encoded form. */
function urlEncoded(text: string): string {
  return encodeText(text).encoding === 'utf8' ? encodeURIComponent(text) : text;
}

function alternatives(texts: string[]): string[] {
  return texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
}
