import { posix } from 'node:path';
import type { FileTree, Sandbox } from '../sandbox/sandbox.ts';
import { shellWord } from '../sandbox/shell-word.ts';

/** What package managers say of the files that they put somewhere: absolute path → digests in hex, of any length. */
type Known = Map<string, Set<string>>;

/** Prints the databases of dpkg, apk, rpm and pip, each file of pip's with its name before it. */
const databases = (packages: readonly string[]) =>
  [
    'cat /var/lib/dpkg/info/*.md5sums',
    'echo; cat /var/lib/dpkg/status',
    'echo; cat /lib/apk/db/installed',
    `echo; rpm -qa --qf '[%{FILEDIGESTS}  %{FILENAMES}\\n]'`,
    `for f in ${packages.join(' ')}; do printf '\\nRECORD %s\\n' "$f"; cat "$f"; done`,
  ]
    .map((command) => `{ ${command}; } 2>/dev/null`)
    .join('; ');

const usualPackages = ['/usr/lib/python3*/*-packages', '/usr/local/lib/python3*/*-packages'];
const records = (folder: string) => `${folder}/*.dist-info/RECORD`;

/** Made by programs that install, so that nobody lists what is in them; the tests do not read compiled Python of the image. */
const derived = /\/(__pycache__|node_modules)\/|\.cache$|\/locale-archive$/;

/** What package managers account for, of paths that were created, changed or deleted. */
export interface Installed {
  /** As a package manager put it, a link to such, or derived from it. */
  isAsPut(path: string): boolean;
  /** A package manager says that it is there. */
  isListed(path: string): boolean;
}

/** Asks the package managers of a sandbox about paths. */
export async function installed(sandbox: Sandbox, paths: readonly string[]): Promise<Installed> {
  if (paths.length === 0) return { isAsPut: () => false, isListed: () => false };
  const folders = paths.flatMap((path) => /^.*\/(site|dist)-packages(?=\/)/.exec(path)?.[0] ?? []);
  const asked = [...usualPackages, ...[...new Set(folders)].map(shellWord)].map(records);
  const { stdout } = await sandbox.exec(databases(asked), { as: 'harness' });
  const known = knownFrom(stdout.toString('utf8'));
  const tree = await sandbox.files.survey([...paths]);
  const targets = await targetsOf(sandbox, tree);
  const ends = paths.map((path) => targets.get(path) ?? path);
  const digests = await digestsOf(sandbox, ends, known);
  const isAsPut = (path: string) => {
    const end = targets.get(path) ?? path;
    return derived.test(path) || [...(digests.get(end) ?? [])].some((digest) => known.get(end)?.has(digest));
  };
  return { isAsPut, isListed: (path) => known.has(path) };
}

function knownFrom(text: string): Known {
  const known: Known = new Map();
  let folder = '';
  let packages = '';
  const add = (path: string, digest: string) => {
    for (const one of spellings(posix.resolve('/', path)))
      known.set(one, (known.get(one) ?? new Set()).add(digest));
  };
  let file = '';
  for (const line of text.split('\n')) {
    const [, listed = '', listedAt = ''] = /^([0-9a-f]{32,64}) {2}(\S.*)$/.exec(line) ?? [];
    const [, config = '', configDigest = ''] = /^ (\/\S+) ([0-9a-f]{32})( |$)/.exec(line) ?? [];
    const [, record = '', recorded = ''] = /^"?([^,"]+)"?,sha256=([\w-]+),/.exec(line) ?? [];
    if (listed) add(listedAt, listed);
    else if (config) add(config, configDigest);
    else if (line.startsWith('RECORD ')) packages = posix.dirname(posix.dirname(line.slice(7)));
    else if (record) add(posix.join(packages, record), Buffer.from(recorded, 'base64url').toString('hex'));
    else if (line.startsWith('F:')) folder = line.slice(2);
    else if (line.startsWith('R:')) file = posix.join(folder, line.slice(2));
    else if (line.startsWith('Z:Q1')) add(file, Buffer.from(line.slice(4), 'base64').toString('hex'));
  }
  return known;
}

/** Where `/bin` and the like are links into `/usr`, packages may list either. */
function spellings(path: string): string[] {
  const inRoot = path.replace(/^\/usr(?=\/(s?bin|lib(32|64|x32)?)\/)/, '');
  return [inRoot, path.startsWith('/usr/') ? path : `/usr${inRoot}`];
}

/** Where the links among the paths end. */
async function targetsOf(sandbox: Sandbox, tree: FileTree): Promise<Map<string, string>> {
  const links = Object.entries(tree).flatMap(([path, { type }]) => (type === 'link' ? [path] : []));
  if (links.length === 0) return new Map();
  const command = `for path in ${links.map(shellWord).join(' ')}; do readlink -f -- "$path" || echo; done`;
  const { stdout } = await sandbox.exec(command, { as: 'harness' });
  const ends = stdout.toString('utf8').split('\n');
  return new Map(links.map((path, index) => [path, ends[index] ?? '']));
}

/** Names of a file's digests, by their length in hex. */
const programs: Readonly<Record<number, string>> = { 32: 'md5sum', 40: 'sha1sum', 64: 'sha256sum' };
const atOnce = 500;

/** The digests of files, of the kinds that are known of them. */
async function digestsOf(sandbox: Sandbox, paths: readonly string[], known: Known): Promise<Known> {
  const found: Known = new Map();
  for (const [length, program] of Object.entries(programs)) {
    const asked = [...new Set(paths)].filter((path) =>
      [...(known.get(path) ?? [])].some((digest) => digest.length === Number(length)),
    );
    for (let at = 0; at < asked.length; at += atOnce) {
      const words = asked.slice(at, at + atOnce).map(shellWord);
      const { stdout } = await sandbox.exec(`${program} ${words.join(' ')} 2>/dev/null`, { as: 'harness' });
      for (const [, digest = '', path = ''] of stdout.toString('utf8').matchAll(/^([0-9a-f]+) [ *](.*)$/gm))
        found.set(path, (found.get(path) ?? new Set()).add(digest));
    }
  }
  return found;
}
