import type { Unscored } from '../../schema/score.ts';
import type { Step, Trial } from '../../schema/trial.ts';
import type { ResolvedTrial } from '../trial/resolved-trial.ts';

/** The progress made by a step. */
export interface StepProgress {
  step: Step;
  /** φ after the step: the weight of the milestones held over the weight of all. */
  phi: number | Unscored;
  /** φ after minus φ before. */
  reward: number | Unscored;
  reached: string[];
  lost: string[];
}

export interface Progress {
  steps: StepProgress[];
  overall: { max: number; final: number } | Unscored;
  /** `reached`: held at the start or after at least one step. */
  milestones: { reached: number; total: number };
  /** Milestones that did not answer, each a sentence. */
  unanswered: string[];
}

type Held = Readonly<Record<string, boolean>>;

/** Milestones held after each step, and φ. */
export function progressOf({ trial }: ResolvedTrial): Progress {
  const { milestones } = trial.started.task;
  let before: Held = trial.initial?.milestones ?? {};
  let phi: number | Unscored = phiOf(trial, before, []);
  if (trial.initial === undefined && milestones.length > 0) phi = 0;
  const finished = [phi];
  const ever = new Set(namesHeld(before));
  const steps = trial.steps.map((step) => {
    const after: Held = silent(step) ? before : step.milestones;
    const next = phiOf(trial, after, step.unanswered);
    const progress = { step, phi: next, reward: difference(next, phi), ...turned(before, after) };
    for (const name of namesHeld(after)) ever.add(name);
    before = { ...before, ...after };
    phi = next;
    if (step.finished) finished.push(next);
    return progress;
  });
  return {
    steps,
    overall: overall(finished),
    milestones: { reached: ever.size, total: milestones.length },
    unanswered: trial.steps.flatMap((step) =>
      step.unanswered.map((name) => `step ${step.index}: milestone "${name}" did not answer`),
    ),
  };
}

/** No call was made and no milestone checked, so what held before still holds. */
function silent(step: Step): boolean {
  return step.calls.length === 0 && Object.keys(step.milestones).length === 0 && step.unanswered.length === 0;
}

function phiOf(trial: Trial, held: Held, unanswered: readonly string[]): number | Unscored {
  const { milestones } = trial.started.task;
  if (milestones.length === 0) return { unscored: 'the task has no milestones' };
  const missing = milestones.find(({ name }) => unanswered.includes(name) || held[name] === undefined);
  if (missing) return { unscored: `milestone "${missing.name}" was not answered` };
  const weights = milestones.reduce((sum, { weight }) => sum + weight, 0);
  return milestones.reduce((sum, { name, weight }) => sum + (held[name] ? weight : 0), 0) / weights;
}

function difference(after: number | Unscored, before: number | Unscored): number | Unscored {
  if (typeof after !== 'number') return after;
  return typeof before === 'number' ? after - before : before;
}

function turned(before: Held, after: Held): { reached: string[]; lost: string[] } {
  const names = Object.keys(after);
  return {
    reached: names.filter((name) => after[name] && !before[name]),
    lost: names.filter((name) => !after[name] && before[name]),
  };
}

function namesHeld(held: Held): string[] {
  return Object.keys(held).filter((name) => held[name]);
}

/** A trial that was cut off within a step is judged by the step before. */
function overall(phis: readonly (number | Unscored)[]): Progress['overall'] {
  const final = phis.at(-1) ?? { unscored: 'no step was finished' };
  if (typeof final !== 'number') return final;
  return { max: Math.max(...phis.filter((phi) => typeof phi === 'number')), final };
}
