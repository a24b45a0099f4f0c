import { substituteImage } from '../image-map.ts';

/** One instruction of a Dockerfile, its lines joined. */
export interface Instruction {
  /** Where it starts, and the last line that belongs to it, from 1. */
  line: number;
  end: number;
  /** "ONBUILD " where it stands before it. */
  onBuild: string;
  /** In capitals. */
  name: string;
  /** Such as "--chmod=755". */
  flags: string[];
  /** What follows the flags. */
  rest: string;
  /** Whether text follows it as a here-document. */
  isHereDocument: boolean;
  documents: HereDocument[];
  /** What follows the flags, with the texts as they stand below it. */
  source: string;
}

interface HereDocument {
  name: string;
  /** Tabs at the beginnings of lines are taken away where it asks for that. */
  text: string;
  /** Whether nothing in it is filled in. */
  isQuoted: boolean;
}

export interface Dockerfile {
  text: string;
  /** What `# syntax=` names. */
  syntax?: string;
  instructions: Instruction[];
}

/** Something that not every builder can do, and where it stands. */
export interface BuildFeature {
  line: number;
  what: string;
  /** What it takes: any BuildKit, or one of 2022 or later. */
  needs: 'buildkit' | 'newer-buildkit';
}

const hereDocument = /(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=[\s;|&)]|$)/g;

export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const directives = directivesOf(lines);
  const joiner = directives.escape === '`' ? '`' : '\\';
  const continued = joiner === '`' ? /`[ \t]*$/ : /\\[ \t]*$/;
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let joined = lines[index] ?? '';
    if (/^\s*(#|$)/.test(joined)) continue;
    while (continued.test(joined) && index + 1 < lines.length) {
      const next = lines[++index] ?? '';
      joined = joined.replace(continued, '') + (/^\s*(#|$)/.test(next) ? joiner : ` ${next}`);
    }
    const { documents, end } = hereDocuments(joined, lines, index);
    const words = wordsOf(joined);
    const source = [words.rest, ...lines.slice(index + 1, end + 1), ''].join('\n');
    instructions.push({ line, end: end + 1, ...words, isHereDocument: end > index, documents, source });
    index = end;
  }
  return { text, instructions, ...(directives.syntax && { syntax: directives.syntax }) };
}

/** Images that the stages start from and copy from, with arguments filled in; the file's own stages and `scratch` are left out. */
export function imagesUsed({ instructions }: Dockerfile, buildargs: Record<string, string> = {}): string[] {
  const values: Record<string, string> = {};
  const stages = new Set(['scratch']);
  const images = new Set<string>();
  const use = (image: string) => {
    if (!stages.has(image.toLowerCase()) && !/^\d*$/.test(image)) images.add(image);
  };
  let isBeforeStages = true;
  for (const { name, flags, rest } of instructions) {
    if (name === 'ARG' && isBeforeStages) {
      for (const word of rest.split(/\s+/)) {
        const [key = '', ...value] = word.split('=');
        values[key] = buildargs[key] ?? unquoted(value.join('='), values);
      }
    } else if (name === 'FROM') {
      isBeforeStages = false;
      const [image = '', as, stage] = rest.split(/\s+/);
      use(unquoted(image, values));
      if (as?.toLowerCase() === 'as' && stage) stages.add(stage.toLowerCase());
    }
    for (const flag of flags) {
      const from = /^--from=(.+)$/.exec(flag)?.[1] ?? /^--mount=.*\bfrom=([^,]+)/.exec(flag)?.[1];
      if (from !== undefined) use(unquoted(from, values));
    }
  }
  return [...images].sort();
}

/** What the file needs beyond a builder without BuildKit, in the order of its lines. */
export function featuresOf({ syntax, instructions }: Dockerfile): BuildFeature[] {
  const features: BuildFeature[] = syntax
    ? [{ line: 1, what: `# syntax=${syntax}`, needs: isUsualSyntax(syntax) ? 'buildkit' : 'newer-buildkit' }]
    : [];
  for (const { line, name, flags, rest, isHereDocument } of instructions) {
    const add = (what: string, needs: BuildFeature['needs']) =>
      features.push({ line, what: `${name} ${what}`, needs });
    if (isHereDocument) add('with a here-document', 'newer-buildkit');
    for (const flag of flags) {
      const [word = ''] = flag.split('=');
      if (/^--(link|parents|exclude|checksum|keep-git-dir|unpack)$/.test(word)) add(word, 'newer-buildkit');
      else if (/^--(mount|network|security|chmod)$/.test(word)) add(word, 'buildkit');
      else if (word === '--platform' && /\$\{?(BUILD|TARGET)/.test(flag)) add(flag, 'buildkit');
    }
    if (name === 'ARG' && /^(BUILD|TARGET)(PLATFORM|OS|ARCH|VARIANT)\s*$/.test(rest)) add(rest, 'buildkit');
  }
  return features;
}

/** Whether `# syntax=` names Docker's own, which BuildKit has built in. */
export const isUsualSyntax = (syntax: string) =>
  /^(docker\.io\/)?docker\/dockerfile(:1(\.\d+)*)?$/.test(syntax);

/** The file with another `# syntax=`, or none; its lines keep their numbers where it had one. */
export function withSyntax({ text, syntax }: Dockerfile, wanted: string | undefined): string {
  const directive = wanted === undefined ? '#' : `# syntax=${wanted}`;
  if (syntax !== undefined) return text.replace(/^(\uFEFF?)\s*#\s*syntax\s*=.*$/im, `$1${directive}`);
  return wanted === undefined ? text : `${directive}\n${text}`;
}

/** A Dockerfile's text with other images in its FROM lines and `COPY --from`; references to its own stages are kept. */
export function replaceBases(dockerfile: string, bases: Record<string, string>): string {
  const stages = new Set(
    [...dockerfile.matchAll(/^\s*FROM\s.*\sAS\s+(\S+)/gim)].map(([, name = '']) => name),
  );
  return dockerfile.replace(
    /^(\s*FROM\s+(?:--\S+\s+)*|\s*COPY\s+(?:--\S+\s+)*--from=)(\S+)/gim,
    (_, before: string, base: string) => `${before}${stages.has(base) ? base : substituteImage(base, bases)}`,
  );
}

/** The comments before everything else that tell the builder something. */
function directivesOf(lines: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of lines) {
    const [, key, value] = /^\s*#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) break;
    found[key.toLowerCase()] = value;
  }
  return found;
}

/** The here-documents of an instruction, and the index of the line that ends the last; none where one does not end. */
function hereDocuments(
  instruction: string,
  lines: string[],
  start: number,
): { documents: HereDocument[]; end: number } {
  const none = { documents: [], end: start };
  if (!/^\s*(ONBUILD\s+)?(RUN|COPY|ADD)\s/i.test(instruction)) return none;
  const documents: HereDocument[] = [];
  let at = start;
  for (const [, tabs, quote, name = ''] of instruction.matchAll(hereDocument)) {
    const plain = (line: string) => (tabs ? line.replace(/^\t+/, '') : line);
    const end = lines.findIndex((line, index) => index > at && plain(line) === name);
    if (end < 0) return none;
    const text = lines.slice(at + 1, end).map((line) => `${plain(line)}\n`);
    documents.push({ name, text: text.join(''), isQuoted: quote !== '' });
    at = end;
  }
  return { documents, end: at };
}

function wordsOf(joined: string): Pick<Instruction, 'onBuild' | 'name' | 'flags' | 'rest'> {
  const [, onBuild = '', name = '', rest = ''] = /^\s*(ONBUILD\s+)?(\S+)\s*(.*)$/is.exec(joined) ?? [];
  const [flagText = ''] = /^(--\S+\s+)*/.exec(rest) ?? [];
  const flags = flagText.split(/\s+/).filter(Boolean);
  return { onBuild, name: name.toUpperCase(), flags, rest: rest.slice(flagText.length).trim() };
}

/** A word without quotes, its variables filled in. */
function unquoted(word: string, values: Record<string, string>): string {
  const plain = word.trim().replace(/^(["'])(.*)\1$/, '$2');
  return plain.replaceAll(
    /\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))/g,
    (_, braced?: string, operator?: string, other = '', bare = '') => {
      const value = values[braced ?? bare] ?? '';
      if (operator === '+') return value && other;
      return value || (operator === '-' ? other : '');
    },
  );
}
