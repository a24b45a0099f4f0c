import { ProctorError, unlessFailed } from '../errors.ts';
import { supersededIn } from '../schema/run.ts';
import type { TrialScore } from '../schema/score.ts';
import { type ReadStep, readStep, type ScoredTrace, scoreTrace } from '../scored-trace.ts';
import { holdsTrace } from '../trace/location.ts';
import type { Library } from '../viewer/library.ts';

/** A trial of the runs that are served. */
interface Place {
  run: string;
  trial: string;
  task: string;
  agent: string;
  attempt: number;
  status: string;
  dir: string;
}

/** The recorded trials that may be looked at; nothing else on the disk is read, whatever is asked for. */
export interface Record {
  library: Library;
  /** Those that count, of one run or of all, the newest first. Throws `not-found`. */
  trials(run?: string): Place[];
  /** The trial of an id, `run/trial`, or the beginning of an id. Throws `not-found`, or `bad-flag` where it could be several. */
  trial(reference: string): Place;
  /** Undefined where there is no trace yet, or none that can be read. */
  score(place: Place): TrialScore | undefined;
  read(place: Place): ScoredTrace;
  step(place: Place, step: number): ReadStep;
}

export function openRecord(library: Library): Record {
  const trials = (only?: string): Place[] =>
    (only === undefined ? library.runs() : [library.run(only).run]).flatMap((run) => {
      const superseded = supersededIn(run);
      return run.trials
        .filter(({ trial }) => !superseded.has(trial))
        .map(({ trial, task, agent, attempt, status }) => {
          const { dir } = library.trial(run.run, trial);
          return { run: run.run, trial, task, agent, attempt, status, dir };
        });
    });
  return {
    library,
    trials,
    trial(reference) {
      const all = trials();
      const named = (one: Place) => [one.trial, `${one.run}/${one.trial}`];
      const found = all.filter((one) => named(one).includes(reference));
      const begun = found.length > 0 ? found : all.filter(({ trial }) => trial.startsWith(reference));
      const [only, ...others] = begun;
      if (!only) throw new ProctorError('not-found', `no trial ${reference} here; list_trials names them`);
      if (others.length === 0) return only;
      const names = begun.slice(0, 5).map(({ run, trial }) => `${run}/${trial}`);
      throw new ProctorError('bad-flag', `${reference} could be any of ${names.join(', ')}`);
    },
    score: ({ dir }) => (holdsTrace(dir) ? unlessFailed(() => scoreTrace(dir).score) : undefined),
    read: ({ dir }) => scoreTrace(dir),
    step: ({ dir }, step) => readStep(dir, step),
  };
}
