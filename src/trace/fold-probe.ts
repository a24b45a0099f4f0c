import { ProctorError } from '../errors.ts';
import type { StateChange } from '../schema/state.ts';
import type { TraceEventOf } from '../schema/trace-event.ts';
import type { StateAnswer, Step, Trial } from '../schema/trial.ts';
import { stepAt } from './fold-step.ts';
import type { BodyReader } from './trace.ts';

type Answer = TraceEventOf<'probe.answered'>;

/** Adds what a probe said to its step, or to the state before the first. */
export function addProbeAnswer(trial: Trial, answer: Answer, bodies: BodyReader): void {
  if (answer.step === undefined) addInitial(trial, answer, bodies);
  else addToStep(stepAt(trial, answer.step), answer, bodies);
}

function addInitial(trial: Trial, answer: Answer, bodies: BodyReader): void {
  trial.initial ??= { milestones: {} };
  if (answer.probe === 'milestone') {
    if (answer.name !== undefined && answer.held !== undefined) {
      trial.initial.milestones[answer.name] = answer.held;
    }
    return;
  }
  if (answer.probe === 'canaries') {
    if (answer.spread) trial.initial.planted = answer.spread;
    return;
  }
  if (answer.probe === 'texts') {
    trial.initial.contents = answer.contents ?? {};
    return;
  }
  if (answer.digest !== undefined) trial.initial.digest = answer.digest;
  if (answer.value !== undefined) trial.initial.value = bodies.json(answer.value);
  if (answer.error !== undefined) trial.initial.error = answer.error;
}

function addToStep(step: Step | undefined, answer: Answer, bodies: BodyReader): void {
  if (step === undefined) return;
  if (answer.probe === 'state') {
    step.state = stateAnswer(answer, bodies);
    return;
  }
  if (answer.probe === 'canaries') {
    step.spread = answer.spread ?? [];
    return;
  }
  const name = answer.name ?? '';
  if (answer.held === undefined) step.unanswered.push(name);
  else step.milestones[name] = answer.held;
}

function stateAnswer(answer: Answer, bodies: BodyReader): StateAnswer {
  return {
    ...(answer.digest === undefined ? {} : { digest: answer.digest }),
    changes: answer.changes === undefined ? [] : changesOf(bodies.json(answer.changes), answer.seq),
    contents: answer.contents ?? {},
    ...(answer.error === undefined ? {} : { error: answer.error }),
  };
}

function changesOf(value: unknown, seq: number): StateChange[] {
  if (Array.isArray(value)) return value;
  throw new ProctorError('bad-trace', `event ${seq}: expected a list of state changes`);
}
