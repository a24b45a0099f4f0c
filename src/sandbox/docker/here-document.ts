import type { Dockerfile, Instruction } from './dockerfile.ts';

/** A Dockerfile whose here-documents became plain instructions, for builders that do not know them. */
export interface PlainDockerfile {
  text: string;
  /** Files to add to the context, which the instructions copy from. */
  files: { path: string; content: string }[];
}

/** Where the texts of `COPY` lie in the context; nobody has a folder of this name. */
const folder = '.proctor-here-documents';

/** Runs a text that has a first line of its own as a program. */
const runFile = 'f=$(mktemp) && printf %s "$1" > "$f" && chmod +x "$f" && "$f"; c=$?; rm -f "$f"; exit $c';

/**
 * The same file, line by line, without here-documents, or undefined where one can't be put in other words: variables that the builder would fill in into
 * a text that is copied, or a text that is copied under a name that is no plain one.
 */
export function withoutHereDocuments({ text, instructions }: Dockerfile): PlainDockerfile | undefined {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const files: PlainDockerfile['files'] = [];
  const out: string[] = [];
  let shell = ['/bin/sh', '-c'];
  let at = 0;
  for (const instruction of instructions) {
    const { name, rest, line, end, isHereDocument } = instruction;
    if (name === 'FROM') shell = ['/bin/sh', '-c'];
    if (name === 'SHELL') shell = JSON.parse(rest);
    if (!isHereDocument) continue;
    out.push(...lines.slice(at, line - 1));
    at = end;
    const plain =
      name === 'RUN' ? run(instruction, shell) : copy(instruction, `${folder}/${files.length}`, files);
    if (plain === undefined) return undefined;
    out.push(plain, ...Array.from({ length: end - line }, () => ''));
  }
  return { text: [...out, ...lines.slice(at)].join('\n'), files };
}

/** The text is the script of the shell; a command before it is given the text by the shell itself. */
function run({ rest, flags, documents, onBuild, source }: Instruction, shell: readonly string[]): string {
  const [only] = documents;
  const isScript = documents.length === 1 && /^<<-?(["']?)\w+\1$/.test(rest);
  const words = !isScript
    ? [...shell, source]
    : only?.text.startsWith('#!')
      ? ['/bin/sh', '-c', runFile, 'sh', only.text]
      : [...shell, only?.text ?? ''];
  return `${onBuild}RUN ${[...flags, JSON.stringify(words)].join(' ')}`;
}

function copy(
  { name, rest, flags, documents, onBuild }: Instruction,
  below: string,
  files: PlainDockerfile['files'],
): string | undefined {
  if (documents.some(({ text, isQuoted }) => !isQuoted && /[$\\]/.test(text))) return undefined;
  const words = rest.split(/\s+/);
  const named = words.map((word) => /^<<-?(["']?)(\w+)\1$/.exec(word)?.[2]);
  if (named.filter(Boolean).length !== documents.length) return undefined;
  for (const { name: file, text } of documents) files.push({ path: `${below}/${file}`, content: text });
  const sources = words.map((word, index) =>
    named[index] === undefined ? word : `${below}/${named[index]}`,
  );
  return `${onBuild}${name} ${[...flags, ...sources].join(' ')}`;
}
