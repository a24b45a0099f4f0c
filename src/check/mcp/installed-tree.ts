import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readAuthorFile } from '../../schema/author-file.ts';
import type { NodeDemands } from './node-release.ts';

/** What the packages of a server ask of the image they are to run in. */
export interface InstalledTree {
  node: NodeDemands;
  /** Packages that have to be compiled, or fetched compiled, before they can be used. */
  native: string[];
  /** Such packages that the others do without. */
  optional: string[];
  /** Whether it drives a browser. */
  browser: boolean;
}

/** Reads what npm wrote down of the packages in `modules`, of which `name` is the server. */
export function installedTree(modules: string, name: string): InstalledTree {
  const { packages } = readAuthorFile(join(modules, '.package-lock.json'), lockFile);
  const folders = Object.keys(packages);
  const enginesOf = (folder: string) => packages[folder]?.engines?.node;
  const own = `node_modules/${name}`;
  const { keywords, description } = readAuthorFile(join(modules, name, 'package.json'), aboutFile);
  const about = [name, description, ...keywords].join(' ');
  const natives = (wanted: boolean) => {
    const found = folders.filter(
      (folder) =>
        isNative(join(modules, '..', folder), packages[folder]) &&
        (packages[folder]?.optional ?? false) === wanted,
    );
    return [...new Set(found.map(nameIn))].sort();
  };
  return {
    node: {
      own: enginesOf(own),
      others: folders.filter((folder) => folder !== own).flatMap((folder) => enginesOf(folder) ?? []),
    },
    native: natives(false),
    optional: natives(true),
    browser:
      folders.map(nameIn).some((one) => drivers.has(one)) || /\b(chrom(e|ium)|puppeteer)\b/i.test(about),
  };
}

/** Packages that start a browser of the system. */
const drivers = new Set(['puppeteer', 'puppeteer-core', 'playwright', 'playwright-core', 'chrome-launcher']);

const installed = z.looseObject({
  hasInstallScript: z.boolean().optional(),
  optional: z.boolean().optional(),
  engines: z.looseObject({ node: z.string().optional() }).optional().catch(undefined),
});

const lockFile = z.looseObject({ packages: z.record(z.string(), installed) });

const aboutFile = z.looseObject({
  description: z.string().default('').catch(''),
  keywords: z.array(z.string()).default([]).catch([]),
});

const scriptsFile = z.looseObject({ scripts: z.record(z.string(), z.string()).default({}) });

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
const nameIn = (folder: string) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Whether its installation compiles, by the tools that do: other scripts fetch or print something that servers do without. */
function isNative(folder: string, { hasInstallScript }: z.infer<typeof installed> = {}): boolean {
  if (existsSync(join(folder, 'binding.gyp'))) return true;
  if (!hasInstallScript) return false;
  const { scripts } = readAuthorFile(join(folder, 'package.json'), scriptsFile);
  return /gyp|prebuild|cmake-js/.test(
    ['preinstall', 'install', 'postinstall'].map((one) => scripts[one]).join(' '),
  );
}
