import { join } from 'node:path';
import { nextChoice } from '../calibration/choose.ts';
import { historiesOf } from '../calibration/history.ts';
import { taskOutcome } from '../calibration/task-outcome.ts';
import { setTrial } from '../comparison/read-run.ts';
import type { SetTrial } from '../comparison/trial-set.ts';
import type { TrialChooser } from '../orchestrator/local-work.ts';
import type { TrialSpec } from '../orchestrator/trial-plan.ts';
import type { Choice, ChoiceEvent, TaskEnd } from '../schema/choice.ts';
import type { Outcome } from '../schema/outcome.ts';
import { scoreTrace } from '../scored-trace.ts';
import { appendChoice, type RecordedChoices, writeChoices } from '../trace/choice-file.ts';

export interface ChooserParts {
  dir: string;
  recorded: RecordedChoices;
  /** Every trial that may be chosen, each attempt of a task by itself. */
  trials: readonly TrialSpec[];
  /** Of a resumed run: what is left of tasks that were chosen, and the trials of these that had ended, by their cells. */
  left?: readonly TrialSpec[];
  ended?: ReadonlyMap<string, readonly string[]>;
}

/** Trials that are gone on with, and so have no outcome yet. */
const unfinished: ReadonlySet<Outcome> = new Set(['aborted', 'not-run', 'diverged']);

/** Chooses the trials of a run while it goes on, and keeps what it chose, and why, beside the run. */
export function openChooser({
  dir,
  recorded,
  trials,
  left = [],
  ended = new Map(),
}: ChooserParts): TrialChooser {
  const { plan } = recorded;
  const past: ChoiceEvent[] = [...recorded.past];
  const ready = [...left];
  const over = new Map([...ended].map(([cell, own]) => [cell, [...own]]));
  let isStopping = false;
  writeChoices(dir, { plan, past });

  const append = (event: ChoiceEvent) => {
    appendChoice(dir, event);
    past.push(event);
  };
  const now = () => new Date().toISOString();
  const closeTask = (agent: string, task: string, unscored?: string) => {
    const own = (over.get(cellOf(agent, task)) ?? []).map((trial) => readTrial(dir, trial));
    const outcome: Pick<TaskEnd, 'passed' | 'unscored' | 'n' | 'costUsd'> = taskOutcome(own);
    const { passed: _, ...rest } = outcome;
    append({
      type: 'ended',
      at: now(),
      agent,
      task,
      ...(unscored === undefined ? outcome : { ...rest, n: 0, unscored }),
    });
  };
  const open = (choice: Omit<Choice, 'at' | 'trials'>) => {
    const own = trials.filter(({ agent, task }) => agent.id === choice.agent && task.name === choice.task);
    append({ ...choice, at: now(), trials: own.map(({ trial }) => trial) });
    ready.push(...own);
  };

  for (const { agent, pending } of historiesOf(plan, past))
    for (const task of pending)
      if ((over.get(cellOf(agent, task)) ?? []).length >= plan.attempts) closeTask(agent, task);

  const { agents, attempts, tasks, maxTasks = tasks.length } = plan;
  return {
    most: agents.length * attempts * Math.min(maxTasks, tasks.length),
    next() {
      while (ready.length === 0 && !isStopping) {
        const choice = nextChoice(plan, past);
        if (choice === undefined || choice === 'wait') return undefined;
        if (choice.type === 'chosen') open(choice);
        else append({ ...choice, at: now() });
      }
      return ready.shift();
    },
    ended({ trial, agent, task }, end, cut) {
      if (unfinished.has(end.outcome)) {
        isStopping = true;
        return;
      }
      const cell = cellOf(agent.id, task.name);
      const own = [...(over.get(cell) ?? []), trial];
      over.set(cell, own);
      if (cut) closeTask(agent.id, task.name, 'the run’s budget was spent meanwhile');
      else if (own.length >= plan.attempts) closeTask(agent.id, task.name);
    },
  };
}

/** What attempts of one agent at one task have in common. */
export const cellOf = (agent: string, task: string) => JSON.stringify([agent, task]);

function readTrial(dir: string, trial: string): SetTrial {
  const { trial: folded, score, dir: folder } = scoreTrace(join(dir, trial));
  return setTrial(folded.started, { run: folded.started.run, trial, dir: folder, score });
}
