import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isFolder, readFolder, writeFolder } from '../../schema/author-folder.ts';
import { writeTemplate } from '../scaffold.ts';
import { nodeFor, npmRelease } from './node-release.ts';
import { npm } from './npm.ts';
import { type Seed, writeSeed } from './seed.ts';
import type { ServerPackage } from './server-package.ts';

export interface ServerImage {
  server: ServerPackage;
  /** Folders that are to belong to the agent's user. */
  folders: readonly string[];
  /** Debian packages beside those that every server gets. */
  packages: readonly string[];
  seed?: Seed;
}

/** Writes the build context of a server's image into `dir`; gives the files. Throws `bad-flag` where Node.js can't be had. */
export async function writeServerImage(dir: string, image: ServerImage): Promise<string[]> {
  const { server, seed } = image;
  const release = nodeFor(server.name, server.node);
  const base = await nodeImage(join(dirname(dirname(dir)), 'sandbox-images'), release);
  writeFileSync(join(dir, 'server.tgz'), server.archive);
  writeFileSync(join(dir, 'Dockerfile'), dockerfileOf(image, base.name));
  const seeded = seed ? [await writeSeed(dir, seed)] : [];
  return [...base.files, ...['server.tgz', 'Dockerfile'].map((file) => join(dir, file)), ...seeded];
}

/** The folder of sandbox-images/ that servers of this Node.js share, which is written where it is missing. */
async function nodeImage(images: string, release: string): Promise<{ name: string; files: string[] }> {
  const name = `node-${release}`;
  const dir = join(images, name);
  if (isFolder(dir)) return { name, files: [] };
  const fetched = mkdtempSync(join(tmpdir(), 'proctor-node-'));
  try {
    const packages = [`node-linux-${process.arch}@${release}`, `npm@${npmRelease}`];
    await npm(fetched, ['pack', '--silent', ...packages], `fetch Node.js ${release}`);
    const files = writeTemplate('node', dir, { node: release, npm: npmRelease, arch: process.arch });
    return { name, files: [...files, ...writeFolder(dir, readFolder(fetched))] };
  } finally {
    rmSync(fetched, { recursive: true, force: true });
  }
}

/** What images of servers share comes first, so that the engine keeps it once. */
export function dockerfileOf({ server, folders, packages, seed }: ServerImage, base: string): string {
  const { native, optional } = server;
  const isBuilt = native.length + optional.length > 0;
  const all = [...new Set([...(server.browser ? ['chromium'] : []), ...packages])].sort();
  const parts = [
    ...(isBuilt ? [building(base, server)] : []),
    `FROM sandbox-images/${base}`,
    ...(all.length === 0 ? [] : [install(all)]),
    ...(all.includes('chromium') ? [browser] : []),
    `# ${server.name} ${server.version} with all it depends on, as npm installed it.\n${
      isBuilt ? 'COPY --from=build /opt/mcp /opt/mcp' : 'ADD server.tgz /opt/mcp/'
    }`,
    `RUN for folder in ${folders.join(' ')}; do [ -d "$folder" ] || { mkdir -p "$folder" && chown agent: "$folder"; }; done`,
    ...(seed
      ? [
          `# What is there before the server starts.\nADD ${seed.source} ${seed.to}/\nRUN chown -R agent: ${seed.to}`,
        ]
      : []),
    'WORKDIR /home/agent',
  ];
  return `${parts.join('\n\n')}\n`;
}

const install = (packages: readonly string[]) =>
  `RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages.join(' ')} \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*`;

const rebuild = 'npm rebuild --foreground-scripts --nodedir=/usr/local';

const building = (
  base: string,
  { native, optional }: ServerPackage,
) => `# Native modules are compiled here, and the compiler stays here. Of optional ones, those that do not compile are left out, as npm does.
FROM sandbox-images/${base} AS build
${install(['g++', 'make', 'python3'])}
ADD server.tgz /opt/mcp/
WORKDIR /opt/mcp
${[
  ...(native.length === 0 ? [] : [`RUN ${rebuild} ${native.join(' ')}`]),
  ...optional.map((name) => `RUN ${rebuild} ${name} || rm -rf node_modules/${name}`),
].join('\n')}`;

/** A sandbox has no user namespaces for a browser's own, and little shared memory; libraries look for it in these places. */
const browser = `ENV CHROME_PATH=/usr/bin/chromium PUPPETEER_EXECUTABLE_PATH=/usr/bin/chromium
RUN mkdir -p /opt/google/chrome && ln -s /usr/bin/chromium /opt/google/chrome/chrome \\
 && echo 'CHROMIUM_FLAGS="$CHROMIUM_FLAGS --no-sandbox --disable-dev-shm-usage"' > /etc/chromium.d/sandboxed`;
