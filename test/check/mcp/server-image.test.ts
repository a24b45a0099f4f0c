import { describe, expect, it } from 'vitest';
import { dockerfileOf } from '../../../src/check/mcp/server-image.ts';

const server = {
  name: 'shop',
  version: '1.2.3',
  argv: [],
  archive: Buffer.alloc(0),
  node: { own: undefined, others: [] },
  native: [] as string[],
  optional: [] as string[],
  browser: false,
};
const image = { server, folders: ['/data'], packages: [] as string[] };

describe('the Dockerfile of a server', () => {
  it('adds the packages to the shared image, and folders of the agent’s user', () => {
    const text = dockerfileOf(image, 'node-22.1.0');
    expect(text).toMatch(/^FROM sandbox-images\/node-22\.1\.0\n/);
    expect(text).toContain(
      '# shop 1.2.3 with all it depends on, as npm installed it.\nADD server.tgz /opt/mcp/',
    );
    expect(text).toContain('for folder in /data;');
    expect(text).not.toContain('apt-get');
  });

  it('compiles native modules in a stage of their own', () => {
    const text = dockerfileOf(
      { ...image, server: { ...server, native: ['sqlite3'], optional: ['kerberos'] } },
      'node-22.1.0',
    );
    expect(text).toMatch(/^# Native .*\nFROM sandbox-images\/node-22\.1\.0 AS build\n/);
    expect(text).toContain('--nodedir=/usr/local sqlite3\n');
    expect(text).toContain('kerberos || rm -rf node_modules/kerberos\n\nFROM sandbox-images/node-22.1.0\n');
    expect(text).toContain('COPY --from=build /opt/mcp /opt/mcp');
  });

  it('has a browser, further packages and what is there before the server starts', () => {
    const text = dockerfileOf(
      {
        server: { ...server, browser: true },
        folders: ['/data'],
        packages: ['sqlite3'],
        seed: { from: 'x', to: '/data', source: 'seed/' },
      },
      'node-22.1.0',
    );
    expect(text).toContain('--no-install-recommends chromium sqlite3 ');
    expect(text).toContain('ln -s /usr/bin/chromium /opt/google/chrome/chrome');
    expect(text.indexOf('ADD seed/ /data/')).toBeGreaterThan(text.indexOf('for folder in'));
  });
});
