import { minimatch } from 'minimatch';
import type { Script, Word, WordPart } from './ast.ts';
import { lookUp, resolveParameter } from './parameter.ts';
import type { ShellScope, Variable } from './scope.ts';

/** One word after expansion; `known` says whether all of it could be worked out. */
export interface Field {
  text: string;
  known: boolean;
}

/** What word expansion asks of the walk around it. */
export interface Substitution {
  scope: ShellScope;
  /** Walks the script of `$(…)`; gives its output where that is known. */
  output(script: Script): string | undefined;
  /** Walks the script of `<(…)`; gives the path that stands for it. */
  stream(script: Script): string;
}

/** Expands a word into the fields a command would get. */
export function expandWord(word: Word, substitution: Substitution): Field[] {
  if (!word.parts) return [{ text: word.value, known: true }];
  return expandBraces(word.parts).flatMap((parts) => {
    const building = newBuilding();
    for (const part of parts) addPart(part, false, building, substitution);
    return finish(building);
  });
}

/** Expands a word that is not split: an assignment's value, a redirect's target. */
export function expandText(word: Word, substitution: Substitution): Field {
  if (!word.parts) return { text: word.value, known: true };
  return expandParts(word.parts, substitution);
}

/** Expands the body of an unquoted here-document. */
export function expandParts(parts: readonly WordPart[], substitution: Substitution): Field {
  const building = newBuilding();
  for (const part of parts) addPart(part, true, building, substitution);
  const fields = finish(building);
  return { text: fields.map((f) => f.text).join(' '), known: fields.every((f) => f.known) };
}

const smallRange = /^\{\w{1,3}\.\.\w{1,3}(\.\.\d+)?\}$/;

function expandBraces(parts: readonly WordPart[]): WordPart[][] {
  let words: WordPart[][] = [[]];
  for (const part of parts) {
    const options = part.type === 'BraceExpansion' ? braceOptions(part.text) : undefined;
    const choices: WordPart[] = options
      ? options.map((value) => ({ type: 'Literal', value, text: value }))
      : [part];
    if (words.length * choices.length > 64) return [[...parts]];
    words = words.flatMap((word) => choices.map((choice) => [...word, choice]));
  }
  return words;
}

function braceOptions(text: string): string[] | undefined {
  if (text.length > 500 || (text.includes('..') && !smallRange.test(text))) return undefined;
  // An empty option is dropped unless something stands before it.
  return minimatch
    .braceExpand(`-${text}`)
    .slice(0, 64)
    .map((option) => option.slice(1));
}

interface Building {
  fields: Field[];
  text: string;
  known: boolean;
  /** A field exists even if it is empty, as with `""`. */
  open: boolean;
}

/** A word that grows past this, as by doubling a variable again and again, is not worked out. */
const maxFieldCharacters = 200_000;

function newBuilding(): Building {
  return { fields: [], text: '', known: true, open: false };
}

function append(building: Building, text: string, known = true): void {
  const fits = building.text.length + text.length <= maxFieldCharacters;
  if (fits) building.text += text;
  building.known &&= known && fits;
  building.open = true;
}

function close(building: Building): void {
  if (building.open) building.fields.push({ text: building.text, known: building.known });
  building.text = '';
  building.known = true;
  building.open = false;
}

function finish(building: Building): Field[] {
  close(building);
  return building.fields;
}

function addPart(part: WordPart, quoted: boolean, building: Building, substitution: Substitution): void {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      append(building, part.value);
      break;
    case 'DoubleQuoted':
    case 'LocaleString':
      append(building, '');
      for (const child of part.parts) addPart(child, true, building, substitution);
      break;
    case 'SimpleExpansion':
      addVariable(lookUp(part.text.slice(1), substitution.scope), part.text, quoted, building);
      break;
    case 'ParameterExpansion': {
      const textOf = (word: Word) => expandText(word, substitution).text;
      addVariable(resolveParameter(part, substitution.scope, textOf), part.text, quoted, building);
      break;
    }
    case 'CommandExpansion':
      addOutput(part.script, part.text, quoted, building, substitution);
      break;
    case 'ProcessSubstitution':
      append(building, part.script ? substitution.stream(part.script) : part.text, !!part.script);
      break;
    case 'ArithmeticExpansion':
      append(building, part.text, false);
      break;
    default:
      append(building, part.text);
      break;
  }
}

function addOutput(
  script: Script | undefined,
  text: string,
  quoted: boolean,
  building: Building,
  substitution: Substitution,
): void {
  const output = script && substitution.output(script);
  if (output === undefined) append(building, text, false);
  else addValues([output.replace(/\n+$/, '')], quoted, building);
}

function addVariable(
  variable: Variable | undefined,
  text: string,
  quoted: boolean,
  building: Building,
): void {
  if (!variable?.known) append(building, text, false);
  else addValues(variable.values, quoted, building);
}

function addValues(values: readonly string[], quoted: boolean, building: Building): void {
  for (const [index, value] of values.entries()) {
    if (index > 0) close(building);
    if (quoted) append(building, value);
    else addSplit(value, building);
  }
}

function addSplit(value: string, building: Building): void {
  const [first, ...rest] = value.split(/[ \t\n]+/);
  if (first) append(building, first);
  for (const piece of rest) {
    close(building);
    if (piece) append(building, piece);
  }
}
