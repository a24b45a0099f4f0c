import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './folder.ts';

/** A folder in which the packed package is installed with the production packages of this checkout. */
export function installed(): string {
  const [stage, app] = [temporaryFolder(), temporaryFolder()];
  for (const part of ['package.json', 'dist', 'environments', 'tasks', 'sandbox-images', 'skills'])
    cpSync(part, join(stage, part), { recursive: true });
  const vendor = fileURLToPath(new URL('../.ci/vendor.ts', import.meta.url));
  execFileSync('node_modules/.bin/jiti', [vendor, stage], { stdio: 'pipe' });
  execFileSync('npm', ['pack', '--ignore-scripts'], { cwd: stage, stdio: 'pipe' });
  const to = join(app, 'node_modules/proctor');
  mkdirSync(to, { recursive: true });
  const [tarball = ''] = readdirSync(stage).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['xzf', join(stage, tarball), '--strip-components=1', '-C', to]);
  for (const path of productionPackages(join(to, 'package.json')))
    cpSync(path, join(app, relative('.', path)), { recursive: true });
  return app;
}

/** Folders of all packages that one with this manifest is installed with, as they are in this checkout. */
function productionPackages(manifest: string): string[] {
  const found = new Set<string>();
  const add = (file: string, from: string) => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(file, 'utf8'));
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const dir = packageFolder(name, from);
      if (dir === undefined || found.has(dir)) continue;
      found.add(dir);
      add(join(dir, 'package.json'), dir);
    }
  };
  add(manifest, resolve('.'));
  return [...found];
}

function packageFolder(name: string, from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    const found = join(dir, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (dir === resolve('.')) return undefined;
  }
}
