import { createHash } from 'node:crypto';
import type { FileEntry, FileTree, SurveyedFile } from '../sandbox.ts';
import { shellWordOnOneLine } from '../shell-word.ts';
import type { RunningContainer } from './container.ts';
import { pathBytes, pathText } from './file-name.ts';
import { RightsKeeper } from './file-rights.ts';
import { surveyFromOutside } from './outside-survey.ts';

const timeoutMs = 60_000;
const contentsTimeoutMs = 10_000;
/** Larger files are not hashed, so that a sparse file of terabytes delays nothing. */
const maxHashedBytes = 256 * 1024 * 1024;
/** Bytes that a survey after the first hashes of files by name, so that many large ones do not take minutes. */
const maxHashedAtOnce = 512 * 1024 * 1024;
/** Files up to this size that have one name are hashed by `find`, others by name. */
const maxBulkBytes = 1024 * 1024;
/** Names in one command; more small files than this are hashed by a `find` of their own. */
const maxNamedFiles = 200;

/** A file as it was last hashed. */
interface KnownFile {
  /** Size, times and inode: a file whose key is the same is unchanged. */
  key: string;
  sha256: string;
}

interface Found {
  /** Bytes of the path as latin1, since a name need not be UTF-8. */
  path: string;
  entry: FileEntry;
  key: string;
  /** As "uid:gid". */
  owner: string;
  inode: string;
  /** When it was last changed, in seconds with decimals, by the sandbox's clock. */
  changedAt: string;
  /** Changed so recently that another change might not show in its times. */
  fresh: boolean;
}

/** Surveys paths by one `find` of GNU, or from outside where the image has none; it also has those files hashed that changed since the last survey. */
export class Surveyor {
  readonly #running: RunningContainer;
  readonly #known = new Map<string, KnownFile>();
  /** By the sandbox's clock, in seconds with decimals: files that changed later are hashed by the next survey. */
  #since: string | undefined;
  #isFirst = true;
  readonly rights: RightsKeeper;

  constructor(running: RunningContainer) {
    this.#running = running;
    this.rights = new RightsKeeper((command) => this.#run(command));
  }

  async survey(paths: string[]): Promise<FileTree> {
    if (paths.length === 0) return {};
    const words = paths.map(latin1Word).join(' ');
    const output = await this.#run(
      `find ${words} ${hashNewer(this.#since)} ${findFormat}${this.rights.question}`,
    );
    const { found, digests } = parseFound(output);
    if (found.length === 0) return surveyFromOutside(this.#running, paths);
    this.#since = hashSince(found.filter(({ entry }) => entry.type === 'file')) ?? this.#since;
    const changed = found.filter(
      ({ path, key, entry }) => isHashed(entry) && this.#known.get(path)?.key !== key,
    );
    await this.#hashByName(changed, words, digests);
    this.#isFirst = false;
    this.#remember(changed, digests);
    const tree = Object.fromEntries(found.map((file) => this.#entryOf(file)));
    await this.rights.keep(tree, found, words, output);
    return tree;
  }

  /** Hashes what has no digest yet, each inode once, the smallest first, and no more than may be hashed at a time. */
  async #hashByName(changed: Found[], words: string, digests: Map<string, string>): Promise<void> {
    const unhashed = () => changed.filter(({ path }) => !digests.has(path));
    if (unhashed().filter(({ entry }) => entry.size <= maxBulkBytes).length > maxNamedFiles)
      addDigests(await this.#run(`find ${words} ${hashedInBulk} -exec sha256sum -b -- {} +`), digests);
    const rest = unhashed().sort((a, b) => a.entry.size - b.entry.size);
    const chosen = new Map<string, string>();
    let left = this.#isFirst ? Number.POSITIVE_INFINITY : maxHashedAtOnce;
    for (const { path, entry, inode } of rest) {
      if (chosen.has(inode) || entry.size > left) continue;
      left -= entry.size;
      chosen.set(inode, path);
    }
    const names = [...chosen.values()].map(shellWordOnOneLine);
    for (let at = 0; at < names.length; at += maxNamedFiles)
      addDigests(
        await this.#run(`sha256sum -b -- ${names.slice(at, at + maxNamedFiles).join(' ')}`),
        digests,
      );
    for (const { path, inode } of rest) {
      const digest = digests.get(chosen.get(inode) ?? path);
      if (digest !== undefined) digests.set(path, digest);
    }
  }

  /** A large file without a digest stays without one while it is as it was. */
  #remember(changed: Found[], digests: Map<string, string>): void {
    for (const { path, key, fresh, entry } of changed) {
      const sha256 = digests.get(path);
      if (sha256 === undefined && entry.size > maxBulkBytes) this.#known.set(path, { key, sha256: '' });
      else if (sha256 === undefined) this.#known.delete(path);
      else this.#known.set(path, { key: fresh ? '' : key, sha256 });
    }
  }

  #entryOf({ path, entry }: Found): [string, FileEntry] {
    const sha256 = isHashed(entry) ? this.#known.get(path)?.sha256 : undefined;
    return [pathText(path), { ...entry, ...(sha256 && { sha256 }) }];
  }

  /** The command's output, with bytes as latin1 characters. */
  async #run(command: string): Promise<string> {
    try {
      return (await this.#running.init.run(command, timeoutMs)).toString('latin1');
    } catch (error) {
      throw await this.#running.failure(error, `Sandbox ${this.#running.name} could not be surveyed`);
    }
  }
}

/** Reads surveyed files by one `cat`; a file whose digest has changed is left out, and so may be those after it. */
export async function surveyedContents(
  { init }: RunningContainer,
  files: SurveyedFile[],
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  if (files.length === 0) return found;
  const words = files.map(({ path }) => latin1Word(path)).join(' ');
  const output = await init.run(`cat -- ${words}`, contentsTimeoutMs);
  let at = 0;
  for (const { size, sha256 } of files) {
    const content = output.subarray(at, at + size);
    if (createHash('sha256').update(content).digest('hex') === sha256) found.set(sha256, content);
    at += size;
  }
  return found;
}

/** A path as a shell word whose characters are the bytes to be sent. */
export function latin1Word(path: string): string {
  return shellWordOnOneLine(pathBytes(path));
}

/** Files that changed within so many minutes count as fresh; the kernel's file times are some milliseconds coarse. */
const freshMinutes = 0.001;
const isHashed = ({ type, size }: FileEntry) => type === 'file' && size <= maxHashedBytes;
const hashedInBulk = `-type f -links 1 -size -${maxBulkBytes + 1}c`;
const findFormat = String.raw`\( -cmin -${freshMinutes} -printf 'fresh ' -o -printf 'old ' \) -printf '%y %m %s %T@ %C@ %i %U:%G\0%p\0%l\0'`;

/** `find` writes out what it has before it starts a program, so that digests appear between its records. */
function hashNewer(since: string | undefined): string {
  const newer = since === undefined ? '' : `-newerct @${since}`;
  return String.raw`\( ${hashedInBulk} ${newer} -exec sha256sum -b -- {} + , -true \)`;
}

/** From when on changed files are to be hashed by the next survey, those included whose next change might not show in their times. */
function hashSince(files: Found[]): string | undefined {
  const times = (some: Found[]) =>
    some.map(({ changedAt }) => changedAt).sort((a, b) => Number(a) - Number(b));
  const [firstFresh] = times(files.filter(({ fresh }) => fresh));
  return firstFresh === undefined ? times(files).at(-1) : (Number(firstFresh) - 0.001).toFixed(3);
}

const types: Record<string, FileEntry['type']> = { f: 'file', d: 'directory', l: 'link' };

function parseFound(output: string): { found: Found[]; digests: Map<string, string> } {
  const fields = output.split('\0');
  const found: Found[] = [];
  const digests = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 3) {
    const [head = '', path, target = ''] = fields.slice(index, index + 3);
    const factsAt = head.lastIndexOf('\n') + 1;
    addDigests(head.slice(0, factsAt), digests);
    if (path === undefined) break;
    const [age, letter = '', mode = '', size = '0', ...key] = head.slice(factsAt).split(' ');
    const type = types[letter] ?? 'other';
    const entry: FileEntry = { type, mode, size: type === 'directory' ? 0 : Number(size) };
    if (type === 'link') entry.target = pathText(target);
    const [, changedAt = '0', inode = '', owner = ''] = key;
    const facts = { changedAt, inode, owner, fresh: age === 'fresh' };
    found.push({ path, entry, key: `${size} ${key.join(' ')}`, ...facts });
  }
  return { found, digests };
}

/** `sha256sum` marks a line whose name it had to escape with a backslash. */
function addDigests(output: string, digests: Map<string, string>): void {
  for (const line of output.split('\n')) {
    const match = /^(\\?)([0-9a-f]{64}) [ *](.*)$/s.exec(line);
    if (!match) continue;
    const [, escaped, sha256 = '', name = ''] = match;
    digests.set(escaped ? name.replaceAll(/\\(.)/g, unescaped) : name, sha256);
  }
}

function unescaped(_: string, letter: string): string {
  return { n: '\n', r: '\r' }[letter] ?? letter;
}
