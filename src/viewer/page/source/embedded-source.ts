import type { TrialScore } from '../../../schema/score.ts';
import { runSummary } from '../../../scoring/run-summary.ts';
import type { SearchHit, Snapshot, StepResponse, TrialEntry } from '../../api.ts';
import type { Source } from './source.tsx';

/** Answers from a snapshot that stands in the page itself; nothing is fetched. */
export function embeddedSource(snapshot: Snapshot): Source {
  const found = (trial: string) => {
    const held = snapshot.trials[trial];
    if (!held) throw new Error(`trial ${trial} is not in this report`);
    return held;
  };
  const { run, trials } = snapshot.run;
  const scores = new Map(trials.map((one) => [one.trial, scoreOf(one)]));
  return {
    kept: snapshot.kept,
    runs: async () => [runSummary(run, ({ trial }) => scores.get(trial))],
    run: async () => snapshot.run,
    trial: async (_, trial) => found(trial).page,
    lineage: async (_, trial) => found(trial).lineage,
    rows: async (_, trial, from) => found(trial).rows.filter((row) => row.step >= from),
    step: async (_, trial, k) => found(trial).steps.find(({ step }) => step.index === k),
    log: async (_, trial) => found(trial).log,
    search: async (_, trial, query) => ({ hits: searched(found(trial).steps, query, snapshot), cut: false }),
    body: async (_run, _trial, sha256, offset) => bytesOf(snapshot.bodies[sha256])?.subarray(offset),
    follow: () => () => {},
  };
}

function searched(steps: readonly StepResponse[], query: string, { bodies }: Snapshot): SearchHit[] {
  const wanted = query.toLowerCase();
  return steps.flatMap(({ step, events }) =>
    events.flatMap((event) => {
      const text = JSON.stringify(event);
      const excerpt = excerptOf(text, wanted) ?? inBodies(text, wanted, bodies);
      return excerpt === undefined ? [] : { step: step.index, type: event.type, excerpt };
    }),
  );
}

function inBodies(text: string, wanted: string, bodies: Snapshot['bodies']): string | undefined {
  for (const [, sha256 = ''] of text.matchAll(/"sha256":"([0-9a-f]{64})"/g)) {
    const bytes = bytesOf(bodies[sha256]);
    const excerpt = bytes && excerptOf(new TextDecoder().decode(bytes), wanted);
    if (excerpt !== undefined) return excerpt;
  }
  return undefined;
}

function excerptOf(text: string, wanted: string): string | undefined {
  const at = text.toLowerCase().indexOf(wanted);
  return at < 0 ? undefined : text.slice(Math.max(0, at - 60), at + wanted.length + 60);
}

function bytesOf(base64: string | undefined): Uint8Array | undefined {
  return base64 === undefined
    ? undefined
    : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The score of a trial as far as it is summed up: without its steps, and of its findings what they weigh. */
export function scoreOf({ score, findings }: TrialEntry): TrialScore | undefined {
  return score && ({ ...score, steps: [], safety: { ...score.safety, findings } } as unknown as TrialScore);
}
