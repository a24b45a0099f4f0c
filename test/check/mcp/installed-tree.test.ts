import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installedTree } from '../../../src/check/mcp/installed-tree.ts';
import { folderOf } from '../../folder.ts';

/** What npm leaves behind for a server with these packages. */
function treeOf(packages: Record<string, object>, files: Record<string, string> = {}) {
  const entries = Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]);
  const dir = folderOf({
    'node_modules/server/package.json': '{"name": "server", "description": "Reads books."}',
    'node_modules/.package-lock.json': JSON.stringify({ packages: Object.fromEntries(entries) }),
    ...files,
  });
  return installedTree(join(dir, 'node_modules'), 'server');
}

describe('what installed packages ask of an image', () => {
  it('is the Node.js of the server and of all it depends on', () => {
    const { node } = treeOf({
      server: { engines: { node: '>=22' } },
      a: { engines: { node: '>=20' } },
      b: { engines: ['node'] },
      c: {},
    });
    expect(node).toEqual({ own: '>=22', others: ['>=20'] });
  });

  it('is a compiler for native modules, and none for other scripts', () => {
    const scripts = (install: string) => JSON.stringify({ scripts: { install } });
    const { native, optional } = treeOf(
      {
        server: {},
        '@x/gyp': { hasInstallScript: true },
        'a/node_modules/prebuilt': { hasInstallScript: true },
        thanks: { hasInstallScript: true },
        speedup: { hasInstallScript: true, optional: true },
      },
      {
        'node_modules/@x/gyp/binding.gyp': '{}',
        'node_modules/a/node_modules/prebuilt/package.json': scripts('prebuild-install || node-gyp rebuild'),
        'node_modules/speedup/binding.gyp': '{}',
        'node_modules/thanks/package.json': scripts('node thanks.js'),
      },
    );
    expect({ native, optional }).toEqual({ native: ['@x/gyp', 'prebuilt'], optional: ['speedup'] });
  });

  it('is a browser where a package drives one, or the server says so', () => {
    expect(treeOf({ server: {} }).browser).toBe(false);
    expect(treeOf({ server: {}, 'a/node_modules/playwright-core': {} }).browser).toBe(true);
    const described = {
      'node_modules/server/package.json': '{"description": "MCP server for Chrome DevTools"}',
    };
    expect(treeOf({ server: {} }, described).browser).toBe(true);
  });
});
