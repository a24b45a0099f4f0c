import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, ProctorError } from '../errors.ts';

/**
 * The script of a worker thread beside the module at `url`. A thread needs JavaScript, so sources run from TypeScript use what was built;
 * throws `code` where nothing was.
 */
export function threadScript(name: string, url: string, code: ErrorCode): string {
  const here = fileURLToPath(new URL(name, url));
  if (!url.endsWith('.ts')) return here;
  const at = here.lastIndexOf('/src/');
  const built = `${here.slice(0, at)}/dist/${here.slice(at + '/src/'.length)}`;
  if (existsSync(built)) return built;
  throw new ProctorError(code, `a worker thread needs ${built}: run "npm run build" first`);
}
