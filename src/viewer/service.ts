import { ProctorError } from '../errors.ts';
import type { RunSummary } from '../scoring/run-summary.ts';
import { holdsTrace, locateTrace } from '../trace/location.ts';
import type { FamilyPage, LogLine, RunPage, SearchPage, StepPage, StepRow, TrialPage } from './api.ts';
import { readBodyPiece } from './body-file.ts';
import { createFamilies, familyOf } from './family.ts';
import { createIndexShelf } from './index-shelf.ts';
import type { Library } from './library.ts';
import { createRunList } from './run-list.ts';
import { readRunLog } from './run-log.ts';
import { createRunPages } from './run-page.ts';
import { searchTrace } from './search.ts';
import { type OpenTrial, stepPage, stepRows, trialPage } from './trial-page.ts';
import { scoreOf } from './trial-score.ts';

/** What can be asked of recorded runs. Everything throws `not-found` for what is not in the library. */
export interface Service {
  runs(): Promise<RunSummary[]>;
  run(run: string): Promise<RunPage>;
  trial(run: string, trial: string): Promise<TrialPage>;
  family(run: string, trial: string): Promise<FamilyPage>;
  rows(run: string, trial: string, from: number): Promise<StepRow[]>;
  step(run: string, trial: string, step: number): Promise<StepPage>;
  log(run: string, trial: string): Promise<LogLine[]>;
  search(run: string, trial: string, query: string, signal: AbortSignal): Promise<SearchPage>;
  body(run: string, trial: string, sha256: string, offset: number, length: number): Promise<Buffer>;
}

export function createService(library: Library): Service {
  const shelf = createIndexShelf();
  const runPages = createRunPages(shelf);
  const families = createFamilies(library);
  let judged: { key: string; score: OpenTrial['score'] } | undefined;

  /** The score of the trial that is looked at is kept. */
  function scored(dir: string, entry: OpenTrial['entry']): OpenTrial['score'] {
    const key = `${dir} ${entry.status} ${entry.head?.sha256}`;
    if (judged?.key !== key) judged = { key, score: scoreOf(dir, entry) };
    return judged.score;
  }

  async function open(runId: string, id: string): Promise<OpenTrial> {
    const { run } = library.run(runId);
    const { entry, dir } = library.trial(runId, id);
    if (!holdsTrace(dir))
      throw new ProctorError('not-found', `trial ${id} has not started: it has no trace yet`);
    return { run, entry, dir, index: await shelf.index(dir), score: scored(dir, entry) };
  }

  return {
    runs: createRunList(library),
    async run(id) {
      const { run, dir } = library.run(id);
      return runPages.page(run, dir);
    },
    trial: async (run, trial) => trialPage(await open(run, trial)),
    family: async (run, trial) => familyOf(run, library.trial(run, trial).entry.trial, await families()),
    rows: async (run, trial, from) => stepRows(await open(run, trial), from),
    async step(run, trial, k) {
      const page = await stepPage(await open(run, trial), k);
      if (!page) throw new ProctorError('not-found', `no step ${k} in trial ${trial}`);
      return page;
    },
    log: async (run, trial) => readRunLog(library.run(run).dir, library.trial(run, trial).entry.trial),
    async search(run, trial, query, signal) {
      const { dir } = library.trial(run, trial);
      return searchTrace(await shelf.index(dir), locateTrace(dir).bodies, query, signal);
    },
    body(run, trial, sha256, offset, length) {
      return readBodyPiece(locateTrace(library.trial(run, trial).dir).bodies, sha256, offset, length);
    },
  };
}
