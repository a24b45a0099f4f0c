import type { TrialScore } from '../../../schema/score.ts';
import { runSummary } from '../../../scoring/run-summary.ts';
import type { SearchHit, Snapshot, StepResponse, TrialEntry } from '../../api.ts';
import type { Source } from './source.tsx';

type Inside = Pick<Snapshot, 'trials' | 'bodies'>;

/** Answers from what stands packed in the page itself; nothing is fetched, and the inside of trials is unpacked when first asked for. */
export async function embeddedSource(): Promise<Source> {
  const snapshot = await unpacked<Omit<Snapshot, keyof Inside>>('snapshot');
  let opened: Promise<Inside> | undefined;
  const inside = () => {
    opened ??= unpacked<Inside>('inside');
    return opened;
  };
  const found = async (trial: string) => {
    const held = (await inside()).trials[trial];
    if (!held) throw new Error(`trial ${trial} is not in this report`);
    return held;
  };
  const { run, trials } = snapshot.run;
  const scores = new Map(trials.map((one) => [one.trial, scoreOf(one)]));
  return {
    kept: snapshot.kept,
    runs: async () => [runSummary(run, ({ trial }) => scores.get(trial))],
    run: async () => snapshot.run,
    async comparison() {
      if (!snapshot.comparison) throw new Error('this report compares no sets of trials');
      return snapshot.comparison;
    },
    trial: async (_, trial) => (await found(trial)).page,
    lineage: async (_, trial) => (await found(trial)).lineage,
    rows: async (_, trial, from) => (await found(trial)).rows.filter((row) => row.step >= from),
    step: async (_, trial, k) => (await found(trial)).steps.find(({ step }) => step.index === k),
    log: async (_, trial) => (await found(trial)).log,
    search: async (_, trial, query) => {
      const { steps } = await found(trial);
      return { hits: searched(steps, query, await inside()), cut: false };
    },
    body: async (_run, _trial, sha256, offset) => bytesOf((await inside()).bodies[sha256])?.subarray(offset),
    queue: async () => null,
    follow: () => () => {},
  };
}

/** The gzipped JSON in an element of the page. */
async function unpacked<T>(id: string): Promise<T> {
  const bytes = bytesOf(document.getElementById(id)?.textContent ?? '') ?? new Uint8Array();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).json() as Promise<T>;
}

function searched(steps: readonly StepResponse[], query: string, { bodies }: Inside): SearchHit[] {
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

function bytesOf(base64: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  return base64 === undefined
    ? undefined
    : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The score of a trial as far as it is summed up: without its steps, and of its findings what they weigh. */
export function scoreOf({ score, findings }: TrialEntry): TrialScore | undefined {
  return score && ({ ...score, steps: [], safety: { ...score.safety, findings } } as unknown as TrialScore);
}
