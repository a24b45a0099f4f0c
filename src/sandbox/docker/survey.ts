import type { FileEntry, FileTree } from '../sandbox.ts';
import type { RunningContainer } from './container.ts';
import { quote } from './quote.ts';

const timeoutMs = 60_000;
/** Bytes; a longer file is not hashed, so that one without an end, of holes alone, holds nothing up. */
const longestHashed = 256 * 1024 * 1024;
/** Above this many, files that were missed are hashed by a walk of their own instead of by name. */
const manyFiles = 200;

/** What tells that a file is unchanged: size, times and inode. */
interface KnownFile {
  key: string;
  sha256: string;
}

interface Found {
  /** Bytes of the path as latin1, since a name need not be UTF-8. */
  path: string;
  entry: FileEntry;
  key: string;
  /** When it was last changed, in seconds with decimals, by the sandbox's clock. */
  changedAt: string;
  /** Changed so lately that another change might not show in its times. */
  fresh: boolean;
}

/** Surveys paths by one `find`, which also has those files hashed that changed since the last survey. */
export function surveyor(running: RunningContainer): (paths: string[]) => Promise<FileTree> {
  const known = new Map<string, KnownFile>();
  let since: string | undefined;
  const run = async (command: string) => {
    try {
      return await running.init.run(command, timeoutMs);
    } catch (error) {
      throw await running.failure(error, `Sandbox ${running.name} could not be surveyed`);
    }
  };

  return async (paths) => {
    if (paths.length === 0) return {};
    const quoted = paths.map(rawQuote).join(' ');
    const output = await run(`find ${quoted} ${hashNewer(since)} ${findFormat}`);
    const { found, digests } = parseFound(output.toString('latin1'));
    since = sinceWhen(found.filter(({ entry }) => entry.type === 'file')) ?? since;
    const changed = found.filter(({ path, key, entry }) => isHashed(entry) && known.get(path)?.key !== key);
    const missed = changed.filter(({ path }) => !digests.has(path)).map(({ path }) => path);
    if (missed.length > 0) {
      const hash =
        missed.length > manyFiles
          ? `find ${quoted} ${hashed} -exec sha256sum -b -- {} +`
          : `sha256sum -b -- ${missed.map(quote).join(' ')}`;
      addDigests((await run(hash)).toString('latin1'), digests);
    }
    for (const { path, key, fresh } of changed) {
      const sha256 = digests.get(path);
      if (sha256 === undefined) known.delete(path);
      else known.set(path, { key: fresh ? '' : key, sha256 });
    }
    return Object.fromEntries(
      found.map(({ path, entry }) => {
        const sha256 = isHashed(entry) ? known.get(path)?.sha256 : undefined;
        return [Buffer.from(path, 'latin1').toString(), { ...entry, ...(sha256 && { sha256 }) }];
      }),
    );
  };
}

/** A path as a shell word whose characters are the bytes to be sent. */
export function rawQuote(path: string): string {
  return quote(Buffer.from(path).toString('latin1'));
}

/** Files that changed within so many minutes count as fresh; the kernel's file times are some milliseconds coarse. */
const freshMinutes = 0.001;
const isHashed = ({ type, size }: FileEntry) => type === 'file' && size <= longestHashed;
const hashed = `-type f -size -${longestHashed + 1}c`;
const findFormat = String.raw`\( -cmin -${freshMinutes} -printf 'fresh ' -o -printf 'old ' \) -printf '%y %m %s %T@ %C@ %i\0%p\0%l\0'`;

/** `find` writes out what it has before it starts a program, so that digests stand between its records. */
function hashNewer(since: string | undefined): string {
  const newer = since === undefined ? '' : `-newerct @${since}`;
  return String.raw`\( ${hashed} ${newer} -exec sha256sum -b -- {} + , -true \)`;
}

/** What the next survey hashes: files that change from now on, and those whose next change might not show. */
function sinceWhen(files: Found[]): string | undefined {
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
    if (type === 'link') entry.target = Buffer.from(target, 'latin1').toString();
    const [, changedAt = '0'] = key;
    found.push({ path, entry, key: `${size} ${key.join(' ')}`, changedAt, fresh: age === 'fresh' });
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
