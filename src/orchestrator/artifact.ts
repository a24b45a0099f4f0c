import { posix } from 'node:path';
import { minimatch } from 'minimatch';
import { messageOf, ProctorError } from '../errors.ts';
import type { NewFile, Sandbox } from '../sandbox/sandbox.ts';
import type { Artifact } from '../task/task.ts';
import { type LiveTrial, phaseOf } from './live-trial.ts';
import { relativePath } from './service.ts';

/** Larger files are named without their content; files past this number, per phase, are left out. */
const maxFileBytes = 16 * 1024 * 1024;
const maxFiles = 200;

/** Runs the hooks that prepare the artifacts, once the agent is done. What a hook fails to make is missing from the artifacts. */
export async function runCollectHooks(live: LiveTrial): Promise<void> {
  const { sandbox } = live;
  if (!sandbox) return;
  for (const { command, timeout_sec: seconds, user, service } of phaseOf(live).verifier.collect) {
    await sandbox.exec(command, {
      as: 'harness',
      ...(service !== 'main' && { service }),
      timeoutMs: seconds * 1000,
      dropsExcess: true,
      ...(user !== undefined && user !== null && { user: String(user) }),
    });
  }
}

/** Records the artifacts of a phase; missing ones are left out. */
export async function collectArtifacts(live: LiveTrial): Promise<void> {
  const { sandbox, parts } = live;
  if (!sandbox) return;
  const { recorder } = parts;
  const found = await Promise.all(phaseOf(live).artifacts.map((artifact) => filesOf(artifact, sandbox)));
  for (const { path, name, content } of found.flat().slice(0, maxFiles)) {
    recorder.append({
      type: 'artifact.collected',
      phase: recorder.trial.phase,
      path,
      name,
      bytes: content.length,
      ...(content.length <= maxFileBytes && {
        data: recorder.bodies.base64(Buffer.from(content).toString('base64')),
      }),
    });
  }
}

async function filesOf(artifact: Artifact, sandbox: Sandbox): Promise<(NewFile & { name: string })[]> {
  const { source, destination } = artifact;
  const files = await sandbox.files.collect([source]).catch(nothingIfBroken);
  return files
    .filter(({ path }) => !leftOut(path, artifact))
    .map((file) => ({ ...file, name: posix.join(destination, relativePath(source, file.path)) }));
}

/** Whether an artifact's `exclude` leaves a path out. */
export function leftOut(path: string, { source, exclude }: Artifact): boolean {
  const below = relativePath(source, path);
  return exclude.some((glob) => minimatch(below, glob, { dot: true, matchBase: true }));
}

/** A sandbox that is dead or too full to be looked at has nothing to keep; the verdict says so. */
function nothingIfBroken(error: unknown): NewFile[] {
  if (error instanceof ProctorError && ['sandbox-broken', 'too-large', 'sandbox-failed'].includes(error.code))
    return [];
  throw new ProctorError('sandbox-failed', `artifacts could not be collected: ${messageOf(error)}`, {
    cause: error,
  });
}
