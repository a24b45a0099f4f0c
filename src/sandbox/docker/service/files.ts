import { createHash } from 'node:crypto';
import { ProctorError } from '../../../errors.ts';
import type { FileTree, NewFile, SandboxFiles, SurveyedFile } from '../../sandbox.ts';
import { archivedFiles, collectFiles, packFiles } from '../archive.ts';
import { surveyFromOutside } from '../outside-survey.ts';
import type { ServiceContainer } from './container.ts';

const root = { uid: 0, gid: 0 };

/** Files of a sandbox, and those of its services, whose paths are `service:/path`. */
export function withServiceFiles(
  files: SandboxFiles,
  serviceOf: (name: string) => ServiceContainer,
): SandboxFiles {
  return {
    ...files,
    read: async (path) => {
      const [at] = split([path]);
      if (!at?.service) return files.read(path);
      const [file] = (await archivedFiles(serviceOf(at.service), at.path)) ?? [];
      if (file) return file.content;
      throw new ProctorError('sandbox-failed', `${path} is not a file.`);
    },
    write: async (all, options) => {
      const [own, others] = parted(all);
      if (own.length > 0) await files.write(own, options);
      for (const [service, some] of others)
        await serviceOf(service).container.putArchive(packFiles(some, [], root), { path: '/' });
    },
    collect: async (paths) => {
      const found = await Promise.all(
        byService(paths).map(async ([service, some]): Promise<NewFile[]> => {
          if (service === '') return files.collect(some);
          const collected = await collectFiles(serviceOf(service), some);
          return collected.map((file) => ({ ...file, path: `${service}:${file.path}` }));
        }),
      );
      return found.flat();
    },
    survey: async (paths) => {
      const trees = await Promise.all(
        byService(paths).map(async ([service, some]): Promise<FileTree> => {
          if (service === '') return files.survey(some);
          const tree = await surveyFromOutside(serviceOf(service), some);
          return Object.fromEntries(
            Object.entries(tree).map(([path, entry]) => [`${service}:${path}`, entry]),
          );
        }),
      );
      return Object.assign({}, ...trees);
    },
    contents: async (wanted) => {
      const [own, others] = parted(wanted);
      const found = await files.contents(own);
      for (const [service, some] of others)
        for (const file of some) await addContent(serviceOf(service), file, found);
      return found;
    },
  };
}

async function addContent(
  service: ServiceContainer,
  { path, sha256 }: SurveyedFile,
  found: Map<string, Buffer>,
) {
  const [file] = (await archivedFiles(service, path)) ?? [];
  if (file && createHash('sha256').update(file.content).digest('hex') === sha256)
    found.set(sha256, file.content);
}

const split = (paths: readonly string[]) =>
  paths.map((whole) => {
    const [, service = '', path = whole] = /^([\w.-]+):(\/.*)$/s.exec(whole) ?? [];
    return { service, path };
  });

/** Paths by their service; the empty name is the sandbox itself. */
function byService(paths: readonly string[]): [service: string, paths: string[]][] {
  const found = new Map<string, string[]>();
  for (const { service, path } of split(paths)) found.set(service, [...(found.get(service) ?? []), path]);
  return [...found];
}

/** Files of the sandbox itself, and those of services with the paths that they have there. */
function parted<T extends { path: string }>(
  files: readonly T[],
): [own: T[], others: [service: string, files: T[]][]] {
  const own: T[] = [];
  const others = new Map<string, T[]>();
  for (const file of files) {
    const [at] = split([file.path]);
    if (!at?.service) own.push(file);
    else others.set(at.service, [...(others.get(at.service) ?? []), { ...file, path: at.path }]);
  }
  return [own, [...others]];
}
