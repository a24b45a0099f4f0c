import type { FileEntry, FileTree } from '../sandbox.ts';
import type { RunningContainer } from './container.ts';
import { quote } from './quote.ts';

const timeoutMs = 60_000;
/** Above this many, files are hashed by a walk of their own instead of by name. */
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
  /** Changed so lately that another change might not show in its times. */
  fresh: boolean;
}

/** Surveys paths by one `find`; only files that changed since the last survey are hashed. */
export function surveyor(running: RunningContainer): (paths: string[]) => Promise<FileTree> {
  const known = new Map<string, KnownFile>();
  const run = async (command: string) => {
    try {
      return await running.warden.run(command, timeoutMs);
    } catch (error) {
      throw await running.failure(error, `Sandbox ${running.name} could not be surveyed`);
    }
  };

  return async (paths) => {
    if (paths.length === 0) return {};
    const quoted = paths.map(rawQuote).join(' ');
    const found = parseFound(await run(`find ${quoted} ${findFormat}`));
    const changed = found.filter(
      ({ path, key, entry }) => entry.type === 'file' && known.get(path)?.key !== key,
    );
    const digests =
      changed.length > manyFiles
        ? parseDigests(await run(`find ${quoted} -type f -exec sha256sum -b -- {} +`))
        : changed.length > 0
          ? parseDigests(await run(`sha256sum -b -- ${changed.map(({ path }) => quote(path)).join(' ')}`))
          : new Map<string, string>();
    for (const { path, key, fresh } of changed) {
      const sha256 = digests.get(path);
      if (sha256 === undefined) known.delete(path);
      else known.set(path, { key: fresh ? '' : key, sha256 });
    }
    return Object.fromEntries(
      found.map(({ path, entry }) => {
        const sha256 = entry.type === 'file' ? known.get(path)?.sha256 : undefined;
        return [Buffer.from(path, 'latin1').toString(), { ...entry, ...(sha256 && { sha256 }) }];
      }),
    );
  };
}

/** A path as a shell word whose characters are the bytes to be sent. */
export function rawQuote(path: string): string {
  return quote(Buffer.from(path).toString('latin1'));
}

const findFormat = String.raw`\( -cmin -0.005 -printf 'fresh ' -o -printf 'old ' \) -printf '%y %m %s %T@ %C@ %i\0%p\0%l\0'`;

const types: Record<string, FileEntry['type']> = { f: 'file', d: 'directory', l: 'link' };

function parseFound(output: Buffer): Found[] {
  const fields = output.toString('latin1').split('\0');
  const found: Found[] = [];
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [facts = '', path = '', target = ''] = fields.slice(index, index + 3);
    const [age, letter = '', mode = '', size = '0', ...key] = facts.split(' ');
    const type = types[letter] ?? 'other';
    const entry: FileEntry = { type, mode, size: type === 'directory' ? 0 : Number(size) };
    if (type === 'link') entry.target = Buffer.from(target, 'latin1').toString();
    found.push({ path, entry, key: `${size} ${key.join(' ')}`, fresh: age === 'fresh' });
  }
  return found;
}

/** `sha256sum` marks a line whose name it had to escape with a backslash. */
function parseDigests(output: Buffer): Map<string, string> {
  const digests = new Map<string, string>();
  for (const line of output.toString('latin1').split('\n')) {
    const match = /^(\\?)([0-9a-f]{64}) [ *](.*)$/s.exec(line);
    if (!match) continue;
    const [, escaped, sha256 = '', name = ''] = match;
    digests.set(escaped ? name.replaceAll(/\\(.)/g, unescaped) : name, sha256);
  }
  return digests;
}

function unescaped(_: string, letter: string): string {
  return { n: '\n', r: '\r' }[letter] ?? letter;
}
