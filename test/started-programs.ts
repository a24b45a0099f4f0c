import { messageOf } from '../src/errors.ts';
import { dockerProvider } from '../src/sandbox/docker/provider.ts';
import { engine, engineNote } from './engine.ts';
import { specOf } from './sandbox/docker/spec.ts';

const trouble = engine ? await whyNotWatched() : undefined;

/** Whether the engine and its kernel tell which programs are started, by having it tell; tests of that are skipped elsewhere. */
export const tellsPrograms = engine && trouble === undefined;

/** Put into the names of tests that need it, so that a skip says why. */
export const programsNote = engineNote || (trouble === undefined ? '' : ` (skipped: ${trouble})`);

async function whyNotWatched(): Promise<string | undefined> {
  const provider = dockerProvider({ runId: 'tells-programs', poolSize: 0 });
  try {
    const sandbox = await provider.open(specOf());
    try {
      await sandbox.watchPrograms?.();
      return undefined;
    } catch (error) {
      return messageOf(error);
    } finally {
      await sandbox.close();
    }
  } finally {
    await provider.close();
  }
}
