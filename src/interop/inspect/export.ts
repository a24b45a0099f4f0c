import { strToU8, zipSync } from 'fflate';
import { isUnscored } from '../../schema/score.ts';
import type { ExportedFile, ScoredRun, ScoredTrial } from '../scored-trial.ts';
import { idOf } from './events.ts';
import type { InspectSample } from './log.ts';
import { inspectUsage } from './messages.ts';
import { sampleOf } from './sample.ts';

/** One Inspect log per agent of a run; every trial is a sample. */
export function inspectLogs(run: ScoredRun, proctor: string) {
  const agents = [...new Set(run.trials.map(({ trial }) => trial.started.agent.id))];
  return agents.map((agent) =>
    logOf(
      run.run,
      agent,
      run.trials.filter(({ trial }) => trial.started.agent.id === agent),
      proctor,
    ),
  );
}

type Log = ReturnType<typeof logOf>;

/** The order of these keys matters: readers of a header stop at the samples. */
function logOf(run: string, agent: string, trials: readonly ScoredTrial[], proctor: string) {
  const samples = samplesOf(trials);
  const starts = trials.map(({ trial }) => trial.started.at).sort();
  const ends = trials.map(({ trial }) => trial.ended?.at ?? trial.started.at).sort();
  const created = starts[0] ?? new Date(0).toISOString();
  return {
    version: 2 as const,
    status: trials.every(({ trial }) => trial.ended) ? ('success' as const) : ('cancelled' as const),
    eval: evalOf(run, agent, trials, { created, proctor }),
    plan: { name: 'plan', steps: [], finish: null, config: {} },
    results: resultsOf(trials),
    stats: {
      started_at: created,
      completed_at: ends.at(-1) ?? created,
      model_usage: sumUsage(samples),
      role_usage: {},
    },
    error: null,
    samples,
    reductions: null,
  };
}

function evalOf(
  run: string,
  agent: string,
  trials: readonly ScoredTrial[],
  { created, proctor }: { created: string; proctor: string },
) {
  const tasks = [...new Set(trials.map(({ trial }) => trial.started.task.name))];
  const [first] = trials;
  return {
    eval_id: idOf(run, `eval ${agent}`),
    run_id: run,
    created,
    task: tasks.length === 1 ? (tasks[0] ?? run) : run,
    task_id: idOf(run, 'task'),
    task_version: 0,
    task_file: null,
    task_attribs: {},
    task_args: {},
    solver: 'proctor',
    solver_args: {},
    tags: null,
    dataset: { name: run, location: null, samples: tasks.length, sample_ids: tasks, shuffled: false },
    sandbox: null,
    model: first?.trial.started.agent.model ?? agent,
    model_generate_config: {},
    model_base_url: null,
    model_args: {},
    config: { epochs: Math.max(1, ...trials.map(({ trial }) => trial.started.attempt)) },
    revision: null,
    packages: { proctor },
    metadata: { agent },
    scorers: null,
  };
}

/** A cell that was tried twice gets an epoch of its own. */
function samplesOf(trials: readonly ScoredTrial[]): InspectSample[] {
  const taken = new Map<string, Set<number>>();
  return trials.map((scored) => {
    const { task, attempt } = scored.trial.started;
    const epochs = taken.get(task.name) ?? new Set();
    const epoch = epochs.has(attempt) ? Math.max(...epochs) + 1 : attempt;
    taken.set(task.name, epochs.add(epoch));
    return sampleOf(scored, epoch);
  });
}

function resultsOf(trials: readonly ScoredTrial[]) {
  const rewards = trials.flatMap(({ score: { completion } }) =>
    isUnscored(completion.reward) ? [] : [completion.reward],
  );
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  return {
    total_samples: trials.length,
    completed_samples: trials.filter(({ trial }) => trial.ended).length,
    scores:
      rewards.length === 0
        ? []
        : [
            {
              name: 'completion',
              scorer: 'completion',
              reducer: null,
              scored_samples: rewards.length,
              unscored_samples: trials.length - rewards.length,
              params: {},
              metrics: { mean: { name: 'mean', value: mean, params: {}, metadata: null } },
              metadata: null,
            },
          ],
    metadata: null,
  };
}

function sumUsage(samples: readonly InspectSample[]) {
  const total: Record<string, { input: number; output: number }> = {};
  for (const [model, usage] of samples.flatMap((sample) => Object.entries(sample.model_usage))) {
    const sum = total[model] ?? { input: 0, output: 0 };
    total[model] = sum;
    sum.input += usage.input_tokens;
    sum.output += usage.output_tokens;
  }
  return Object.fromEntries(Object.entries(total).map(([model, sum]) => [model, inspectUsage(sum)]));
}

/** The name that Inspect's viewer lists, `2026-08-22T12-00-00_<task>_<id>`, without its ending. */
function logName({ eval: { created, task, eval_id } }: Log): string {
  const time = created.slice(0, 19).replaceAll(':', '-');
  return `${time}_${task.replace(/[^A-Za-z0-9.-]+/g, '-')}_${eval_id}`;
}

/** A log as a `.json` file, or as the zip that Inspect calls `.eval`. */
export function logFile(log: Log, format: 'json' | 'eval'): ExportedFile {
  const name = `${logName(log)}.${format}`;
  return { name, data: format === 'json' ? `${JSON.stringify(log, null, 2)}\n` : zipped(log) };
}

function zipped(log: Log): Uint8Array {
  const { samples, reductions: _, ...header } = log;
  const { version, eval: evaluation, plan } = log;
  const json = (value: unknown) => strToU8(JSON.stringify(value));
  const files: Record<string, Uint8Array> = {
    '_journal/start.json': json({ version, eval: evaluation, plan }),
    ...Object.fromEntries(
      samples.map((sample) => [
        `samples/${fileName(String(sample.id))}_epoch_${sample.epoch}.json`,
        json(sample),
      ]),
    ),
    'summaries.json': json(samples.map(summaryOf)),
    'header.json': json(header),
  };
  return zipSync(files);
}

/** An id may not lead into another folder of the zip. */
const fileName = (id: string) => id.replace(/[/\\]/g, '_');

function summaryOf({
  events: _,
  messages,
  metadata: __,
  store: ___,
  attachments: ____,
  output: _____,
  ...rest
}: InspectSample) {
  return { ...rest, metadata: {}, completed: true, message_count: messages.length };
}
