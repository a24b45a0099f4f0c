import { type BaseTask, baseTasks, less, meanOf, rewardsOf } from '../comparison/base-task.ts';
import { changedBases, instanceTrials } from '../comparison/instance-trial.ts';
import { isInfrastructureError, type SetTrial } from '../comparison/trial-set.ts';
import type { ContaminatedTask, Contamination } from '../schema/contamination.ts';
import { rankOf } from './rank.ts';
import { recitedOf, reciterOf } from './recital.ts';
import { signsOf } from './sign.ts';
import { testsOf, verdictOf } from './verdict.ts';

interface Asked {
  agent: string;
  reference?: string;
  canaries: Contamination['canaries'];
}

/** Judges by recorded trials whether an agent knew the published instances, against another agent where one is named. */
export function contaminationOf(
  trials: readonly SetTrial[],
  { agent, reference, canaries }: Asked,
): Contamination {
  const asked = [agent, ...(reference === undefined ? [] : [reference])];
  const named = new Set(asked.flatMap((id) => [id, reciterOf.published(id), reciterOf.variants(id)]));
  const ofBoth = trials.filter((trial) => named.has(trial.agent));
  const changed = changedBases(instanceTrials(ofBoth));
  const triedBy = (id: string) => instanceTrials(ofBoth.filter((trial) => trial.agent === id));
  const of = (id: string) =>
    baseTasks(triedBy(id), {
      published: triedBy(reciterOf.published(id)),
      variants: triedBy(reciterOf.variants(id)),
    }).filter(({ base }) => !changed.has(base));
  const own = of(agent);
  const contrasted = own.filter(isContrasted);
  const signs = signsOf(contrasted, reference === undefined ? undefined : of(reference).filter(isContrasted));
  const evidence = {
    signs: signs.map(({ sign }) => sign),
    recited: recitedOf(contrasted),
    rank: rankOf(contrasted),
    canaries,
    ...(reference !== undefined && { reference }),
  };
  const tests = testsOf(signs);
  return {
    version: 1,
    agent,
    ...evidence,
    runs: [...new Set(ofBoth.map(({ run }) => run))].sort(),
    tasks: contrasted.map(shown),
    leftOut: [
      ...[...changed].map((base) => ({ base, why: 'published in more than one version among these trials' })),
      ...own
        .filter((task) => !isContrasted(task))
        .map(({ base }) => ({ base, why: 'not tried both as published and otherwise' })),
    ],
    infrastructureErrors: ofBoth.filter(isInfrastructureError).length,
    tests,
    ...verdictOf(tests, evidence),
  };
}

const isContrasted = ({ published, variants, forms, formedVariants }: BaseTask) =>
  (published.length > 0 && variants.length + forms.length > 0) ||
  (variants.length > 0 && formedVariants.length > 0);

function shown({ base, published, variants, forms, formedVariants }: BaseTask): ContaminatedTask {
  const [ofPublished, ofVariants] = [meanOf(rewardsOf(published)), meanOf(rewardsOf(variants))];
  const gap = less(ofPublished, ofVariants);
  return {
    base,
    trials: {
      published: published.length,
      variants: variants.length,
      forms: forms.length + formedVariants.length,
    },
    ...(ofPublished !== undefined && { published: ofPublished }),
    ...(ofVariants !== undefined && { variants: ofVariants }),
    ...(gap !== undefined && { gap }),
  };
}
