import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { agentFolder } from '../../schema/agent-folder.ts';
import { badFile, displayPath, readAuthorFile } from '../../schema/author-file.ts';
import { folderDigest, foldersIn, isFile, packageRoot } from '../../schema/author-folder.ts';
import { didYouMean } from '../../schema/nearest.ts';

/** A program that can be run inside of a sandbox, and how. */
export interface AgentFolder extends z.infer<typeof agentFolder> {
  /** sha256 over all files of the folder. */
  digest: string;
  /** The folder, where it has a Dockerfile that is built over a task's image (`Agent.layer`); absent where nothing has to be installed. */
  layer?: string;
}

/**
 * An agent by name, from `sandbox-images/agents/` of a folder, or else of the package.
 * Throws `not-found` with the nearest name, or `bad-file` with the file and what was expected.
 */
export function loadAgentFolder(name: string, folder = '.'): AgentFolder {
  const places = [folder, packageRoot].map((place) => resolve(place, 'sandbox-images', 'agents'));
  const roots = [...new Set(places)];
  const file = roots.map((root) => join(root, name, 'agent.toml')).find(isFile);
  if (file === undefined)
    throw new ProctorError(
      'not-found',
      `no agent "${name}" for inside:; expected a folder with agent.toml in ${roots.map(displayPath).join(', ')}${didYouMean(name, roots.flatMap(foldersIn))}`,
    );
  const config = readAuthorFile(file, agentFolder);
  if (config.name !== name) throw badFile(file, `name: expected "${name}", the name of its folder`);
  const dir = dirname(file);
  return {
    ...config,
    digest: folderDigest(dir),
    ...(isFile(join(dir, 'Dockerfile')) && { layer: dir }),
  };
}
