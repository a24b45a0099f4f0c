import type { ScoredTrial } from '../scored-trial.ts';

/** What a trace holds that no other format has a place for, each as words; empty where nothing is lost. */
export function lossesOf({ trial }: ScoredTrial): string[] {
  const requests = trial.steps.filter(({ asked }) => asked).length;
  const native = trial.steps.filter(({ decision }) => decision.native !== undefined).length;
  return [
    ...counted(requests, 'exact model request'),
    ...counted(native, "decision's provider-native items", "decisions' provider-native items"),
    'the durations of probes',
    'the digest chain',
  ];
}

function counted(count: number, one: string, many = `${one}s`): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
