import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ProctorError } from '../errors.ts';
import type { ImageSource } from '../sandbox/sandbox.ts';
import {
  badFile,
  displayPath,
  readAuthorFile,
  readAuthorFileIfPresent,
  readText,
} from '../schema/author-file.ts';
import { folderDigest, foldersIn, isFile, packageRoot } from '../schema/author-folder.ts';
import { type EnvironmentConfig, environment as environmentConfig } from '../schema/environment.ts';
import { didYouMean } from '../schema/nearest.ts';
import { readPolicyFileIfPresent } from '../schema/policy-file.ts';
import type { Environment } from './environment.ts';

/**
 * An environment by name, from the first of `roots`, `./environments` and the package's environments that has it.
 * Throws `not-found` with the nearest name, or `bad-file` with the file and what was expected.
 */
export function loadEnvironment(name: string, options: { roots?: readonly string[] } = {}): Environment {
  const given = [...(options.roots ?? []), 'environments', join(packageRoot, 'environments')];
  const roots = [...new Set(given.map((root) => resolve(root)))];
  const dir = roots
    .map((root) => join(root, name))
    .find((folder) => isFile(join(folder, 'environment.toml')));
  if (dir === undefined) {
    const hint = didYouMean(name, roots.flatMap(foldersIn));
    throw new ProctorError(
      'not-found',
      `no environment "${name}"; expected a folder with environment.toml in ${roots.map(displayPath).join(', ')}${hint}`,
    );
  }
  return readEnvironment(dir, name);
}

function readEnvironment(dir: string, name: string): Environment {
  const file = join(dir, 'environment.toml');
  const config = readAuthorFile(file, environmentConfig);
  if (config.name !== name) {
    throw badFile(file, `name: expected "${name}", the name of its folder`);
  }
  requireParts(dir, file, config);
  const image = imageOf(dir, file, config);
  const seed = readAuthorFileIfPresent(join(dir, 'seed.json'), z.json());
  return {
    name,
    dir,
    digest: folderDigest(dir),
    config,
    policy: readPolicyFileIfPresent(join(dir, 'policy.toml')),
    ...(config.guidance !== undefined && { guidance: readText(join(dir, config.guidance)).trim() }),
    ...(seed !== undefined && { seed }),
    ...(image && { image }),
  };
}

function requireParts(dir: string, file: string, config: EnvironmentConfig): void {
  for (const [index, server] of config.servers.entries()) {
    if (server.placement === 'host' && !isFile(join(dir, server.module))) {
      throw badFile(file, `servers[${index}].module: no file ${displayPath(join(dir, server.module))}`);
    }
  }
  if (!config.state || !('server' in config.state)) return;
  const { server } = config.state;
  const hosts = config.servers.filter((s) => s.placement === 'host').map((s) => s.name);
  if (!hosts.includes(server)) {
    throw badFile(file, `state.server: no host server "${server}"${didYouMean(server, hosts)}`);
  }
}

function imageOf(dir: string, file: string, config: EnvironmentConfig): ImageSource | undefined {
  if (config.docker_image !== undefined) return { kind: 'reference', reference: config.docker_image };
  if (config.image === undefined) return undefined;
  const contexts = imageFolders(dir, config.image);
  const context = contexts.find((folder) => isFile(join(folder, 'Dockerfile')));
  if (context !== undefined) return { kind: 'build', context };
  const places = contexts.map((folder) => displayPath(join(folder, 'Dockerfile'))).join(' or ');
  throw badFile(file, `image: no image "${config.image}"; expected ${places}`);
}

function imageFolders(dir: string, image: string): string[] {
  if (image === '.') return [dir];
  const besideRoot = join(dirname(dirname(dir)), 'sandbox-images', image);
  return [...new Set([besideRoot, join(packageRoot, 'sandbox-images', image)])];
}
