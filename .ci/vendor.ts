import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

/*
 * Makes what is packed small: the largest packages go to dist/vendor, cut down to what is used, the imports in `dist` are rewritten
 * to them, and package.json no longer asks for them; the whole one is kept in node_modules/.cache. Every module of `dist` stays in its
 * place. The folder of the package to change is the first argument; the checkout when absent.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2] ?? root);
const dist = join(target, 'dist');
const vendor = join(dist, 'vendor');
const entries = join(dist, 'vendor-entry');

/** Packages that are not installed with the packed one. */
const trimmed = [
  '@anthropic-ai/sdk',
  '@google/genai',
  '@modelcontextprotocol/sdk',
  'just-bash',
  'marked',
  'openai',
  'prom-client',
  'sql.js',
  'tar-stream',
];

/** Packages that find their own files by path, so they are copied with their layout and not bundled. */
const copied: Record<string, { main: string; files: string[] }> = {
  'just-bash': {
    main: 'dist/bundle/index.js',
    files: ['dist/bundle/index.js', 'dist/bundle/chunks', 'vendor'],
  },
  'sql.js': { main: 'dist/sql-wasm.js', files: ['dist/sql-wasm.js', 'dist/sql-wasm.wasm'] },
};
/** The worker of a command that no sandbox offers; it needs 9 MB of interpreters. */
const leftOut = /js-exec-worker\.js$/;

interface Manifest {
  name: string;
  version: string;
  license?: string;
  type?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** A string in a module's code that names another module. */
interface Reference {
  specifier: string;
  start: number;
  end: number;
  /** Names that are imported; undefined where it can be any. */
  names: string[] | undefined;
}

/** A node of a module's syntax tree, as far as it is read here. */
interface Syntax {
  type: string;
  start: number;
  end: number;
  name?: string;
  value?: unknown;
  source?: Syntax | null;
  specifiers?: Syntax[];
  imported?: Syntax;
  local?: Syntax;
  callee?: Syntax;
  object?: Syntax;
  property?: Syntax;
  arguments?: Syntax[];
}

/** What is bundled of one module of a package: `from` is a folder that resolves the specifier. */
interface Entry {
  specifier: string;
  from: string;
  names: Set<string> | 'all';
}

const manifestOf = (dir: string): Manifest => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
const packed = packedManifest();
const installed = new Set(
  Object.keys({ ...packed.dependencies, ...packed.optionalDependencies, ...packed.peerDependencies }),
);
const bundled = new Map<string, Entry>();
const licensed = new Set<string>();

rmSync(vendor, { recursive: true, force: true });
for (const name of Object.keys(copied)) copyPackage(name);
for (const path of modulesBelow(dist)) rewriteImports(path, sourceOf(path));
await bundle();
writeLicences();
mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
cpSync(join(root, 'package.json'), join(root, 'node_modules/.cache/package.json'));
writeFileSync(join(target, 'package.json'), `${JSON.stringify(packed, null, 2)}\n`);

/** The manifest without the trimmed packages, with what of theirs is found by name where it is installed. */
function packedManifest(): Manifest {
  const manifest = manifestOf(root);
  const { optionalDependencies } = manifestOf(join(root, 'node_modules', 'just-bash'));
  const dependencies = Object.entries(manifest.dependencies ?? {}).filter(
    ([name]) => !trimmed.includes(name),
  );
  return {
    ...manifest,
    dependencies: Object.fromEntries(dependencies),
    ...(optionalDependencies && { optionalDependencies }),
  };
}

function copyPackage(name: string) {
  const from = join(root, 'node_modules', name);
  const to = join(vendor, name);
  for (const file of copied[name]?.files ?? [])
    cpSync(join(from, file), join(to, file), { recursive: true, filter: (path) => !leftOut.test(path) });
  const { version, license, type, dependencies } = manifestOf(from);
  writeFileSync(join(to, 'package.json'), `${JSON.stringify({ name, version, license, type })}\n`);
  licensed.add(from);
  for (const inside of Object.keys(dependencies ?? {})) licensed.add(packageFolder(inside, from) ?? from);
}

/** The folder that a module's imports are resolved in: that of the original for a copy. */
function sourceOf(path: string): string {
  const [name] = relative(vendor, path).split(sep);
  if (path.startsWith(vendor + sep) && name)
    return join(root, 'node_modules', relative(vendor, dirname(path)));
  return root;
}

function rewriteImports(path: string, from: string) {
  let code = readFileSync(path, 'utf8');
  for (const { specifier, start, end, names } of referencesIn(code).reverse()) {
    const target = vendored(specifier, from, names);
    if (!target) continue;
    const to = relative(dirname(path), target).split(sep).join('/');
    code = `${code.slice(0, start)}"${to.startsWith('.') ? to : `./${to}`}"${code.slice(end)}`;
  }
  writeFileSync(path, code);
}

/** The file in dist/vendor that replaces a specifier; undefined for what is resolved where the package is installed. */
function vendored(specifier: string, from: string, names: string[] | undefined): string | undefined {
  if (isBuiltin(specifier) || /^[./#]/.test(specifier)) return undefined;
  if (isInstalled(specifier, from)) return undefined;
  const name = packageName(specifier);
  const dir = packageFolder(name, from);
  if (!dir) throw new Error(`${name}: imported by ${from}, but not installed`);
  const whole = copied[name];
  if (whole) return join(vendor, name, whole.main);
  return join(vendor, `${bundleEntry(specifier, from, dir, names)}.js`);
}

function bundleEntry(specifier: string, from: string, dir: string, names: string[] | undefined): string {
  const key = `${specifier.replace(/\.js$/, '')}@${manifestOf(dir).version}`
    .replace(/^@/, '')
    .replaceAll('/', '-');
  const entry = bundled.get(key) ?? { specifier, from, names: new Set<string>() };
  bundled.set(key, entry);
  if (!names) entry.names = 'all';
  if (entry.names !== 'all') for (const imported of names ?? []) entry.names.add(imported);
  return key;
}

async function bundle() {
  mkdirSync(entries, { recursive: true });
  for (const [key, { specifier, names }] of bundled) {
    const list = names === 'all' ? '*' : `{ ${[...names].join(', ')} }`;
    writeFileSync(join(entries, `${key}.js`), `export ${list} from '${specifier}';\n`);
  }
  const { output } = await build({
    input: Object.fromEntries([...bundled.keys()].map((key) => [key, join(entries, `${key}.js`)])),
    platform: 'node',
    plugins: [
      {
        name: 'resolve-as-imported',
        async resolveId(specifier, importer) {
          if (isBuiltin(specifier) || /^[./#]/.test(specifier) || !importer) return null;
          const entry = dirname(importer) === resolve(entries) ? bundled.get(keyOf(importer)) : undefined;
          const from = entry?.from ?? dirname(importer);
          if (isInstalled(specifier, from)) return { id: specifier, external: true };
          return entry ? this.resolve(specifier, join(from, 'index.js'), { skipSelf: true }) : null;
        },
      },
    ],
    output: { dir: vendor, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
  });
  rmSync(entries, { recursive: true });
  for (const chunk of output)
    if (chunk.type === 'chunk')
      for (const id of chunk.moduleIds) if (id.includes('/node_modules/')) licensed.add(folderOfModule(id));
}

function keyOf(entryFile: string): string {
  return relative(entries, entryFile).replace(/\.js$/, '');
}

function writeLicences() {
  const parts = [...licensed].map((dir) => {
    const { name, version, license } = manifestOf(dir);
    const files = readdirSync(dir).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const texts = files.map((file) => readFileSync(join(dir, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  writeFileSync(join(vendor, 'LICENSES.txt'), `${parts.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

function referencesIn(code: string): Reference[] {
  const found: Reference[] = [];
  const add = (literal?: Syntax | null, names?: string[]) => {
    if (literal?.type !== 'Literal' || typeof literal.value !== 'string') return;
    found.push({ specifier: literal.value, start: literal.start, end: literal.end, names });
  };
  const visit = (node: Syntax) => {
    if (node.type === 'ImportDeclaration' || node.type === 'ExportNamedDeclaration')
      add(node.source, namesIn(node.specifiers ?? []));
    if (node.type === 'ImportExpression' || node.type === 'ExportAllDeclaration') add(node.source);
    if (isResolve(node)) add(node.arguments?.[0], []);
    for (const inside of Object.values(node).flat()) if (typeof inside?.type === 'string') visit(inside);
  };
  visit(parseAst(code) as unknown as Syntax);
  return found.sort((a, b) => a.start - b.start);
}

function namesIn(specifiers: Syntax[]): string[] | undefined {
  if (specifiers.some(({ type }) => type === 'ImportNamespaceSpecifier')) return undefined;
  return specifiers.map(({ type, imported, local }) =>
    type === 'ImportDefaultSpecifier' ? 'default' : (imported?.name ?? local?.name ?? 'default'),
  );
}

/** A call of `createRequire(…).resolve`. */
function isResolve({ type, callee }: Syntax): boolean {
  if (type !== 'CallExpression' || callee?.property?.name !== 'resolve') return false;
  return callee.object?.callee?.name === 'createRequire';
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Whether the installed package will find by this specifier what the module in `from` finds here; an optional package may be found by neither. */
function isInstalled(specifier: string, from: string): boolean {
  const name = packageName(specifier);
  if (!installed.has(name)) return false;
  const found = packageFolder(name, from);
  return found === undefined || found === join(root, 'node_modules', name);
}

function packageFolder(name: string, from: string): string | undefined {
  for (let dir = from; dir.startsWith(root.slice(0, -1)); dir = dirname(dir)) {
    const found = join(dir, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
  }
  return undefined;
}

function folderOfModule(id: string): string {
  const at = id.lastIndexOf('/node_modules/') + '/node_modules/'.length;
  return join(id.slice(0, at), packageName(id.slice(at)));
}

function modulesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.js$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(dist, 'viewer', 'page') + sep));
}
