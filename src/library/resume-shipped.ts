import { ProctorError } from '../errors.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { openRecording } from '../replay/recording.ts';
import { goingOnFrom } from '../replay/resume.ts';
import { fetchTrial } from '../store/fetch.ts';
import { type ShippedTrial, shippedOf } from '../store/shipped-trial.ts';
import type { Store } from '../store/store.ts';
import { holdsTrace } from '../trace/location.ts';

export interface ShippedBefore {
  store: Store;
  /** The claim under which the trial is to be run now; what was shipped under older ones is what it goes on from. */
  held: ShippedTrial;
  /** Folder into which older attempts are fetched; it has to stay until the trial has ended. */
  dir: string;
  secrets: Readonly<Record<string, string>>;
  /** Told, in a line, of an attempt that can't be gone on from. */
  note?(line: string): void;
}

/**
 * A claimed trial as it is to be run: where workers that lost it had shipped something of it, it repeats what they had decided and goes on
 * from there, as `x7k2pq-r1` when it is claimed for the second time; else it is what was given. Of attempts that failed through no
 * fault of the agent nothing is taken over. Throws `store-failed` and what a full disk does.
 */
export async function resumeShipped(spec: TrialSpec, before: ShippedBefore): Promise<TrialSpec> {
  const { store, held } = before;
  const older = (await shippedOf(store, held)).filter(({ fence }) => fence < held.fence);
  const usable: ShippedTrial[] = [];
  const dirs: string[] = [];
  for (const shipped of older) {
    const dir = await fetched(shipped, before);
    if (dir === undefined) continue;
    usable.push(shipped);
    dirs.push(dir);
  }
  const last = usable.at(-1);
  if (!last) return spec;
  const again = { ...spec, trial: `${held.trial}-r${held.fence - 1}`, resumes: last.trial };
  return goingOnFrom(again, dirs, before.secrets);
}

/** The folder of an attempt that can be gone on from. */
async function fetched(
  shipped: ShippedTrial,
  { store, dir, secrets, note = () => {} }: ShippedBefore,
): Promise<string | undefined> {
  const fetching = fetchTrial({ store, shipped, runDir: dir, as: `${shipped.trial}.${shipped.fence}` });
  try {
    await fetching.more();
    if (!holdsTrace(fetching.dir)) return undefined;
    const { outcome } = openRecording(fetching.dir, secrets).trial;
    return outcome === 'infrastructure-error' ? undefined : fetching.dir;
  } catch (error) {
    if (!(error instanceof ProctorError) || error.kind !== 'author') throw error;
    note(`${shipped.trial}: what was shipped of it can’t be gone on from: ${error.message}`);
    return undefined;
  }
}
