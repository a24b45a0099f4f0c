import { join } from 'node:path';
import { recitalAgent } from '../agent/recital.ts';
import type { TaskSetup } from '../check/checked-trial.ts';
import { isScored, type SetTrial } from '../comparison/trial-set.ts';
import { reciterOf } from '../contamination/recital.ts';
import { ProctorError } from '../errors.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import { type FinishedRun, secretsOf } from '../run-trials.ts';
import { groupBy } from '../scoring/trial/group.ts';
import { newRunId, trialIds } from '../trace/run-file.ts';
import { type Followed, runFollowed } from './followed.ts';
import { derivedSeed, instancesOf } from './instance.ts';
import { Mistakes } from './mistake.ts';
import { openRecordedTrial } from './recorded-trial.ts';
import { type SetupOptions, setUpTasks, setupFlags } from './selection.ts';
import { setupOf } from './target.ts';

export interface ReciteOptions extends SetupOptions, Followed {
  /** Whose recorded calls are made again. */
  agents: readonly string[];
  /** Fresh instances of each base task, beside the published one. */
  instances: number;
  /** What their content follows from. */
  seed: string;
  concurrency?: number | undefined;
  out?: string;
}

/**
 * Makes the calls of recorded trials again, whatever comes back, and records that as a run of its own: those of published instances on these and on
 * fresh ones, those of variants on the published instance. No model is asked. Throws `not-found` where there is nothing to make again.
 */
export async function recite(trials: readonly SetTrial[], options: ReciteOptions): Promise<FinishedRun> {
  const { agents, seed, concurrency = 4, out = 'traces', say = () => {} } = options;
  const run = newRunId(new Date());
  const mistakes = new Mistakes();
  const nextId = trialIds();
  const specs: TrialSpec[] = [];
  const own = trials.filter((trial) => isScored(trial) && agents.includes(trial.agent));
  for (const [base, ofBase] of groupBy(own, ({ instance, task }) => instance?.base ?? task)) {
    const published = ofBase.filter(({ instance }) => !instance);
    const variants = ofBase.filter(({ instance }) => instance?.kind === 'variant');
    const [first] = published;
    if (!first || variants.length === 0) continue;
    try {
      const { reloaded } = openRecordedTrial(first.dir, options, say);
      const fresh = await freshOf(reloaded, options, mistakes);
      const reciting = (trial: SetTrial, id: string, setups: readonly TaskSetup[]) => {
        const record = openRecordedTrial(trial.dir, options).recording;
        const agent = recitalAgent(record, id);
        for (const setup of setups) specs.push({ ...setup, agent, attempt: trial.attempt, trial: nextId() });
      };
      for (const one of published) reciting(one, reciterOf.published(one.agent), [reloaded, ...fresh]);
      for (const one of variants) reciting(one, reciterOf.variants(one.agent), [reloaded]);
    } catch (error) {
      if (!(error instanceof ProctorError)) throw error;
      mistakes.tell(base, error);
    }
  }
  mistakes.requireSome(specs, say);
  if (specs.length === 0)
    throw new ProctorError(
      'not-found',
      `--replay: ${agents.join(' and ')} did no base task both as published and as a variant`,
    );
  const flags = { ...setupFlags(options), sandbox: options.sandbox ?? 'embedded' };
  const place = await setUpTasks(specs, { ...flags, runId: run, poolSize: concurrency, say });
  mistakes.sayAll(say);
  const usable = new Set<TaskSetup>(place.setups);
  return runFollowed(
    {
      ...{ run, dir: join(out, run), provider: place.provider, concurrency, seed },
      trials: specs.filter((spec) => usable.has(spec)),
      skipped: [...mistakes.skipped, ...place.skipped],
      secrets: secretsOf(
        process.env,
        specs.map(({ environment }) => environment),
      ),
    },
    options,
  );
}

async function freshOf(
  { task }: TaskSetup,
  { seed, instances, say = () => {}, ...options }: ReciteOptions,
  mistakes: Mistakes,
): Promise<TaskSetup[]> {
  const { environments, imageMap, withPytest } = { withPytest: false, ...setupFlags(options) };
  const made = await instancesOf(
    [task],
    { instances, instanceSeed: [], imageMap, withPytest },
    { seedOf: derivedSeed(seed), mistakes, say },
  );
  return made.flatMap((one) => setupOf(one, environments, mistakes.tell));
}
