import { join } from 'node:path';
import type { DifferentRequest } from '../agent/agent.ts';
import { ProctorError } from '../errors.ts';
import type { Comparison } from '../replay/compare.ts';
import type { Rejudged } from '../replay/recorded-judge.ts';
import { hasProgram } from '../replay/repeated-program.ts';
import { compareReplay, replayTrial } from '../replay/replay.ts';
import { secretsOf } from '../run-trials.ts';
import { newRunId, trialIds } from '../trace/run-file.ts';
import { type Followed, runFollowed } from './followed.ts';
import { forkAgent } from './fork.ts';
import { openRecordedTrial, providerOf, type RecordedOptions } from './recorded-trial.ts';

export interface ReplayOptions extends RecordedOptions, Followed {
  /** How often it is executed again; once when absent. */
  times?: number;
}

/** How executing a recorded trial again came out. */
export interface ReplayResult {
  /** Folder of the recorded trace. */
  trace: string;
  /** `<run>/<trial>`, and what was tried by whom. */
  name: string;
  task: string;
  agent: string;
  sandbox: string;
  /** What is not as it was recorded, such as a task that was edited since. */
  changed: string[];
  /** Whether each came out as recorded, and if not, at which step first. */
  replays: (Comparison & { trace: string })[];
  /** Calls of which policy says something else today; the recorded verdicts were kept to. */
  rejudged: Rejudged[];
}

/**
 * Executes the decisions of a recorded trial again, in fresh sandboxes, and compares each with the record. No model is asked.
 * Throws `not-found`, `bad-trace` or `tampered-trace`, `engine-unreachable`, and `interrupted` where it was stopped.
 */
export async function replay(reference: string, options: ReplayOptions = {}): Promise<ReplayResult> {
  const { out = 'traces', times = 1, say } = options;
  const { recording, reloaded } = openRecordedTrial(reference, options, say);
  const runId = newRunId(new Date());
  const provider = await providerOf(recording, options.sandbox, { runId, poolSize: 1 });
  const rejudged = new Map<string, Rejudged>();
  const nextId = trialIds();
  const program = hasProgram(recording) ? forkAgent(recording, { ...(say && { say }) }) : undefined;
  const requests = new Map<string, DifferentRequest[]>();
  const trials = Array.from({ length: times }, (_, index) => {
    const id = nextId();
    const differing: DifferentRequest[] = [];
    requests.set(id, differing);
    return replayTrial(recording, reloaded, {
      id,
      program,
      differs: (request) => void differing.push(request),
      attempt: index + 1,
      rejudged: (difference) => void rejudged.set(difference.callId, difference),
    });
  });
  const { seed, task, agent } = recording.trial.started;
  const { run, dir, traceOf } = await runFollowed(
    {
      kind: 'replay',
      run: runId,
      dir: join(out, runId),
      ...{ trials, provider, concurrency: 1, seed, options: { parent: recording.name } },
    },
    options,
  );
  if (run.status === 'interrupted')
    throw new ProctorError('interrupted', `stopped; what was recorded is in ${dir}`);
  return {
    trace: recording.dir,
    ...{ name: recording.name, task: task.name, agent: agent.id, sandbox: provider.name },
    changed: reloaded.changed,
    replays: trials.map(({ trial }) => ({
      trace: traceOf(trial),
      ...compareReplay(recording, reloaded, traceOf(trial), secretsOf(process.env), requests.get(trial)),
    })),
    rejudged: [...rejudged.values()],
  };
}
