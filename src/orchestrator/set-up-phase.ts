import { posix } from 'node:path';
import { ProctorError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Phase } from '../task/task.ts';

const setUp = 'setup.sh';
const setUpMs = 600_000;

/** Puts the files of a phase into the workdir and runs its `setup.sh` there as root. Throws `sandbox-failed` where that fails. */
export async function setUpPhase({ name, files }: Phase, sandbox: Sandbox): Promise<void> {
  const { workdir } = sandbox.info;
  await sandbox.files.write(files.map((file) => ({ ...file, path: posix.join(workdir, file.path) })));
  if (!files.some(({ path }) => path === setUp)) return;
  const result = await sandbox.exec(`bash ${setUp}`, { as: 'harness', timeoutMs: setUpMs });
  if (result.exitCode === 0) return;
  const [last = ''] = result.stderr.toString('utf8').trim().split('\n').slice(-1);
  throw new ProctorError(
    'sandbox-failed',
    `steps/${name}/workdir/${setUp} ended with exit code ${result.exitCode}: ${last}`,
  );
}
