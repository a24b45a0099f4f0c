import { join } from 'node:path';
import type { ImageSource } from '../../sandbox/sandbox.ts';
import { readText } from '../../schema/author-file.ts';
import { packageRoot } from '../../schema/author-folder.ts';
import type { TaskSetup } from '../checked-trial.ts';
import { type AuditLine, flawIf, notLookedAt } from './audit-line.ts';

/** Whether every image of a task is named by its digest, so that the same task is the same tomorrow. */
export function pinnedLine({ task, environment }: TaskSetup): AuditLine {
  const own = [
    task.image ?? environment.image,
    ...(task.services?.services.map(({ image }) => image) ?? []),
    ...task.phases.map(({ verifierEnvironment }) => verifierEnvironment?.image),
  ].filter((image) => image !== undefined);
  if (own.length === 0) return notLookedAt('pinned', 'it has no image');
  const theirs = own.filter((image) => !isProctors(image));
  if (theirs.length === 0)
    return notLookedAt(
      'pinned',
      'it runs on an image of Proctor’s, whose base is recorded in each trace by its id',
    );
  const names = theirs.flatMap(namesOf);
  const problems = names
    .filter(({ name }) => !/@sha256:[0-9a-f]{64}$/.test(name))
    .map(({ name, where }) => `${where}: ${name} is not pinned: write it as NAME@sha256:…`);
  return flawIf('pinned', problems, names.map(({ name }) => name).join(', '));
}

const isProctors = (image: ImageSource): boolean =>
  image.kind === 'build' && image.context.startsWith(join(packageRoot, 'sandbox-images'));

function namesOf(image: ImageSource): { name: string; where: string }[] {
  if (image.kind === 'reference') return [{ name: image.reference, where: 'image' }];
  const { context, dockerfile = 'Dockerfile', args = {} } = image;
  const text = readText(join(context, dockerfile));
  const stages = new Set<string>();
  const given = new Map([...text.matchAll(/^ARG\s+(\w+)=(\S+)/gim)].map(([, name, value]) => [name, value]));
  return text.split('\n').flatMap((line) => {
    const [, from = '', stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
    if (stage) stages.add(stage.toLowerCase());
    const name = from.replace(/\$\{?(\w+)\}?/g, (whole, key) => args[key] ?? given.get(key) ?? whole);
    if (name === '' || name === 'scratch' || stages.has(name.toLowerCase())) return [];
    return [{ name, where: dockerfile }];
  });
}
