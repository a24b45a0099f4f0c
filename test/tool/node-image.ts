import { readFileSync } from 'node:fs';

const template = readFileSync(
  new URL('../../environments/_template/mcp/Dockerfile', import.meta.url),
  'utf8',
);

/** The Dockerfile that `new environment --mcp` writes, as far as the server: Node.js and the agent's user. */
export const nodeDockerfile = template.slice(0, template.indexOf('# {{package}}'));
