import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import {
  type BuildFeature,
  type Dockerfile,
  featuresOf,
  isUsualSyntax,
  parseDockerfile,
  withSyntax,
} from './dockerfile.ts';
import { withoutHereDocuments } from './here-document.ts';

/** Docker's own reading of Dockerfiles, which an older BuildKit fetches to learn what is new. */
const currentSyntax = 'docker/dockerfile:1';

/** How an engine is to build a Dockerfile. */
export interface BuildPlan {
  /** The Dockerfile's text for this engine, and files that it needs beside those of the context. */
  dockerfile: string;
  files: { path: string; content: string }[];
  options: { version?: '2' };
  /** The message to give where the build failed for what this engine lacks. */
  unsupported(why: string): string | undefined;
}

/**
 * Puts here-documents in other words where the engine does not know them. Takes BuildKit where the engine builds with it by itself, or where the file needs it and the engine has it. Throws
 * `image-build-failed`, with file and line, where the engine lacks what the file needs.
 */
export function planBuild(given: Dockerfile, engine: Docker.DockerVersion, folder: string): BuildPlan {
  const builder = builderOf(engine);
  const knows = builder === 'of-its-own' || builder === 'newer-buildkit';
  const isPlain = knows || !given.instructions.some(({ isHereDocument }) => isHereDocument);
  const plain = isPlain ? undefined : withoutHereDocuments(given);
  const dockerfile = plain ? parseDockerfile(plain.text) : given;
  return { ...planPlain(dockerfile, engine, folder), files: plain?.files ?? [] };
}

function planPlain(
  dockerfile: Dockerfile,
  engine: Docker.DockerVersion,
  folder: string,
): Omit<BuildPlan, 'files'> {
  const never = () => undefined;
  const builder = builderOf(engine);
  const [feature, ...more] = featuresOf(dockerfile);
  const name = `docker ${engine.Version}`;
  if (builder === 'of-its-own' || (feature === undefined && builder !== 'newer-buildkit'))
    return { dockerfile: dockerfile.text, options: {}, unsupported: never };
  if (builder === 'classic' && feature)
    throw new ProctorError('image-build-failed', lacking(folder, feature, name));
  const options = { version: '2' } as const;
  const beyond = [feature, ...more].find((one) => one?.needs === 'newer-buildkit');
  const { syntax } = dockerfile;
  if (beyond === undefined) {
    const builtIn = syntax !== undefined && isUsualSyntax(syntax) ? undefined : syntax;
    return { dockerfile: withSyntax(dockerfile, builtIn), options, unsupported: never };
  }
  if (builder === 'newer-buildkit') return { dockerfile: dockerfile.text, options, unsupported: never };
  const fetched = syntax ?? currentSyntax;
  const [repository = ''] = fetched.split(':');
  return {
    dockerfile: withSyntax(dockerfile, fetched),
    options,
    unsupported: (why) =>
      why.includes(repository)
        ? `${lacking(folder, beyond, name)}, and ${fetched}, which adds it, could not be pulled: ${why}`
        : undefined,
  };
}

const lacking = (folder: string, { line, what }: BuildFeature, engine: string) =>
  `${folder}/Dockerfile:${line}: ${what} is not supported by this engine (${engine})`;

type Builder = 'classic' | 'buildkit' | 'newer-buildkit' | 'of-its-own';

/** Docker has BuildKit since API 1.39, and builds with it by itself since 1.42; engines by others build in ways of their own. */
function builderOf({ ApiVersion, Components = [] }: Docker.DockerVersion): Builder {
  if (Components.some(({ Name }) => /podman/i.test(Name))) return 'of-its-own';
  const [major = 1, minor = 0] = ApiVersion.split('.').map(Number);
  const api = major * 1000 + minor;
  return api >= 1042 ? 'newer-buildkit' : api >= 1039 ? 'buildkit' : 'classic';
}
