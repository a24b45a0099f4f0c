import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewFile } from '../../src/sandbox/sandbox.ts';
import { readFolder } from '../../src/schema/author-folder.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const home = '/opt/mcp';

const names = ['filesystem', 'memory', 'everything', 'sequential-thinking'] as const;
type Published = (typeof names)[number];

/** What starts one of the published servers in the sandbox. */
export const commandOf = (name: Published, ...args: string[]) => [
  'node',
  `${home}/node_modules/@modelcontextprotocol/server-${name}/dist/index.js`,
  ...args,
];

/** The published servers that package.json pins, with all they depend on, as files of a sandbox. */
export function publishedServers(): NewFile[] {
  const folders = new Set<string>();
  for (const name of names) addPackage(`@modelcontextprotocol/server-${name}`, root, folders);
  return [...folders].flatMap((folder) =>
    readFolder(folder)
      .filter(({ path }) => !path.startsWith('node_modules/') && !/\.(map|d\.[cm]?ts)$/.test(path))
      .map(({ path, content }) => ({ path: join(home, folder.slice(root.length), path), content })),
  );
}

function addPackage(name: string, from: string, folders: Set<string>): void {
  const folder = folderOf(name, from);
  if (folders.has(folder)) return;
  folders.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(dependencies)) addPackage(dependency, folder, folders);
}

function folderOf(name: string, from: string): string {
  const places = require.resolve.paths(name) ?? [];
  const above: string[] = [];
  for (let at = from; at.startsWith(root.replace(/\/$/, '')); at = dirname(at))
    above.push(join(at, 'node_modules'));
  const found = [...above, ...places].map((place) => join(place, name)).find(hasManifest);
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

function hasManifest(folder: string): boolean {
  try {
    readFileSync(join(folder, 'package.json'));
    return true;
  } catch {
    return false;
  }
}
