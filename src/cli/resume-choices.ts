import type { Agent } from '../agent/agent.ts';
import { nextChoice } from '../calibration/choose.ts';
import { historiesOf } from '../calibration/history.ts';
import { several } from '../format.ts';
import { type ChooserParts, cellOf } from '../library/chooser.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { Reloaded } from '../replay/recording.ts';
import type { Remainder } from '../replay/resume.ts';
import type { ChoiceEvent } from '../schema/choice.ts';
import { countedIn } from '../schema/run.ts';
import type { RecordedChoices } from '../trace/choice-file.ts';
import { trialIds } from '../trace/run-file.ts';

interface ToGoOn {
  recorded: RecordedChoices;
  remainder: Remainder;
  setups: ReadonlyMap<string, Reloaded>;
  agents: ReadonlyMap<string, Agent>;
  /** What the run may cost from now on. */
  maxCostUsd?: number | undefined;
}

/** What a run goes on choosing from: trials of tasks that were chosen come first, whether they had begun or not. */
export function choicesLeft({
  recorded: { plan, past },
  remainder,
  setups,
  agents,
  maxCostUsd,
}: ToGoOn): Omit<ChooserParts, 'dir'> {
  const nextId = trialIds();
  const specOf = (agentId: string, name: string, attempt: number, trial: string): TrialSpec[] => {
    const setup = setups.get(name);
    const agent = agents.get(agentId);
    return setup && agent
      ? [{ task: setup.task, environment: setup.environment, agent, attempt, trial }]
      : [];
  };
  const attempts = Array.from({ length: plan.attempts }, (_, at) => at + 1);
  const begun = new Set(remainder.run.trials.map(({ trial }) => trial));
  const isPending = new Set(
    historiesOf(plan, past).flatMap(({ agent, pending }) => pending.map((task) => cellOf(agent, task))),
  );
  const notBegun = past.flatMap((event) =>
    event.type === 'chosen' && isPending.has(cellOf(event.agent, event.task))
      ? event.trials.flatMap((trial, at) =>
          begun.has(trial) ? [] : specOf(event.agent, event.task, at + 1, trial),
        )
      : [],
  );
  const left = [...remainder.trials, ...notBegun];
  const goesOn = new Set(left.flatMap(({ resumes, retryOf }) => [resumes, retryOf]));
  const ended = new Map<string, string[]>();
  for (const { agent, task, trial, status } of countedIn(remainder.run, remainder.run.trials))
    if (status === 'ended' && !goesOn.has(trial))
      ended.set(cellOf(agent, task), [...(ended.get(cellOf(agent, task)) ?? []), trial]);
  const raised: ChoiceEvent[] =
    maxCostUsd === undefined ? [] : [{ type: 'raised', at: new Date().toISOString(), maxCostUsd }];
  return {
    recorded: { plan, past: [...past, ...raised] },
    trials: plan.agents.flatMap((agent) =>
      plan.tasks.flatMap(({ task }) => attempts.flatMap((attempt) => specOf(agent, task, attempt, nextId()))),
    ),
    left,
    ended,
  };
}

/** What there is to do, in words. */
export function chosenLeft({ recorded: { plan, past }, left = [] }: Omit<ChooserParts, 'dir'>): string {
  if (left.length > 0) return `${several(left.length, 'chosen trial')} left, then it goes on choosing`;
  return nextChoice(plan, past) === undefined ? 'nothing is left to choose' : 'it goes on choosing';
}
