import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { readAuthorFile } from '../../schema/author-file.ts';
import { archiveOf } from './archive.ts';
import { type InstalledTree, installedTree } from './installed-tree.ts';
import { npm } from './npm.ts';

/** Where the packages of a server are in its image. */
const home = '/opt/mcp/node_modules';

/** A published server, installed. */
export interface ServerPackage extends InstalledTree {
  name: string;
  version: string;
  /** What starts it in the image. */
  argv: string[];
  /** Its packages as a gzipped tar; the same for the same packages. */
  archive: Buffer;
}

/** The package and the arguments that an `npx` command names; undefined where it is another command. */
export function npxCommand(command: readonly string[]): { spec: string; args: string[] } | undefined {
  const [program, ...rest] = command;
  if (program === undefined || basename(program) !== 'npx') return undefined;
  const at = rest.findIndex((word) => !/^(-y|--yes|--)$/.test(word));
  const spec = rest[at];
  if (spec === undefined || spec.startsWith('-')) {
    throw new ProctorError('bad-flag', `--mcp: expected npx -y PACKAGE …, got "${command.join(' ')}"`);
  }
  return { spec, args: rest.slice(at + 1) };
}

/** Installs a package for Linux with npm, without running any script of it. Throws `bad-flag` with the last words of npm. */
export async function installPackage(spec: string): Promise<ServerPackage> {
  const dir = mkdtempSync(join(tmpdir(), 'proctor-npm-'));
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--os=linux', '--libc=glibc'];
  try {
    await npm(dir, ['install', '--prefix', dir, ...flags, '--', newest(spec)], `install ${spec}`);
    const modules = join(dir, 'node_modules');
    const name = installedName(dir);
    const manifest = readAuthorFile(join(modules, name, 'package.json'), packageFile);
    const program = programOf(manifest.bin, name);
    const tree = installedTree(modules, name);
    removeHidden(modules);
    return {
      name,
      version: manifest.version,
      argv: ['node', `${home}/${name}/${program.replace(/^\.\//, '')}`],
      ...tree,
      archive: await archiveOf(modules, 'node_modules'),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A name alone is the newest release, as for `npx`: npm would take an older one that suits the Node.js it runs on itself. */
const newest = (spec: string) => (/^(@[\w.-]+\/)?[\w.-]+(?<!\.tgz)$/.test(spec) ? `${spec}@latest` : spec);

const packageFile = z.looseObject({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

/** What npm wrote down as installed: a spec may be a range, a file or an address. */
function installedName(dir: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies)[0] as string;
}

/** The program npx would start: the only one, else the one of the package's name. */
function programOf(bin: string | Record<string, string> | undefined, name: string): string {
  const programs = typeof bin === 'string' ? { [name]: bin } : (bin ?? {});
  const names = Object.keys(programs);
  const program = names.length === 1 ? names[0] : names.find((one) => one === basename(name));
  const path = program === undefined ? undefined : programs[program];
  if (path !== undefined) return path;
  const found = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  throw new ProctorError('bad-flag', `--mcp: expected one program in the package ${name}; ${found}`);
}

/** What npm keeps beside packages has times and absolute paths in it. */
function removeHidden(modules: string): void {
  for (const entry of readdirSync(modules))
    if (entry.startsWith('.')) rmSync(join(modules, entry), { recursive: true });
}
