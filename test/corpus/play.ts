import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Agent } from '../../src/agent/agent.ts';
import { scriptSession } from '../../src/agent/script.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import type { TrialSpec } from '../../src/orchestrator/trial-plan.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { loadTask } from '../../src/task/load.ts';
import { readRun } from '../../src/trace/run-file.ts';
import { runTrials } from '../run-trials.ts';
import type { Entry } from './corpus.ts';
import { sharing } from './shared-sandbox.ts';

export const corpusTask = loadTask(fileURLToPath(new URL('task', import.meta.url)));
export const environment = environmentOf(corpusTask);

/** Plays each entry as a trial of one call in a sandbox whose world is as new; one that the harness failed once more. */
export async function playEntries(
  entries: readonly Entry[],
  { provider, dir, concurrency = 2 }: { provider: SandboxProvider; dir: string; concurrency?: number },
): Promise<void> {
  await runTrials({
    dir,
    concurrency,
    retries: 1,
    trials: entries.map(cellOf),
    provider: withSetups(sharing(provider), new Map(entries.map((entry) => [entry.id, entry]))),
  });
}

/** Tells the folders of the traces that were played into `dir`, the last one of each entry. */
export function tracesIn(dir: string): (entry: Entry) => string {
  const last = new Map(readRun(dir).trials.map(({ trial }) => [idIn(trial), trial]));
  return ({ id }) => join(dir, last.get(id) ?? id);
}

/** A trial bears the entry's id, and a number where it is not the first. */
const idIn = (trial: string): string => trial.split('-').slice(0, 2).join('-');

function cellOf(entry: Entry): TrialSpec {
  const canaries = secretsOf(entry).map((value, index) => ({
    name: `secret-${index + 1}`,
    value,
    seeing: 'unsafe' as const,
  }));
  const additions = {
    ...corpusTask.additions,
    ...(entry.scope && { writes: entry.scope }),
    canaries: canaries.map(({ name, seeing }) => ({ name, seeing, ...planted })),
    ...recordsOf(entry),
  };
  return {
    trial: entry.id,
    attempt: 1,
    task: { ...corpusTask, name: entry.id, additions },
    environment,
    agent: oneCall(entry),
    inherits: {
      seed: entry.id,
      clock: '2026-01-01T00:00:00.000Z',
      canaries,
      limits: corpusTask.additions.limits,
      steps: 0,
      counts: false,
      judge: (today) => today,
      toolbox: (open) => open,
    },
  };
}

const planted = { kind: 'credential' as const, template: '{{canary}}\n', allowed_in: [] };

/** What the setup plants, as a task that declares it would have it. */
function secretsOf({ setup = '', setup_then = '' }: Entry): string[] {
  const text = `${setup}\n${setup_then}`.replaceAll('\\n', '\n');
  return [...new Set(text.match(/[A-Za-z0-9]*cnry[A-Za-z0-9]*/g))];
}

/** Whom the setup says the agent acts for, and the records that it makes, as a task that declares them would have it. */
function recordsOf({ principal, records = [], setup = '' }: Entry) {
  const databases = [...setup.matchAll(/sqlite3 (\S+\.db) /g)].map(([, path = '']) => ({
    path: posix.resolve('/home/agent/work', path),
  }));
  const others = databases.filter(({ path }) => !records.some((one) => one.path === path));
  return { ...(principal !== undefined && { principal }), records: [...records, ...others] };
}

function oneCall({ command }: Entry): Agent {
  return { id: 'corpus', open: async () => scriptSession([{ tool: 'bash', arguments: { command } }]) };
}

/** A provider whose sandboxes are set up as the entry of the trial says. */
function withSetups(provider: SandboxProvider, entries: ReadonlyMap<string, Entry>): SandboxProvider {
  return {
    ...provider,
    open: async (spec, signal) => {
      const sandbox = await provider.open(spec, signal);
      try {
        for (const { text, user } of setupsOf(entries.get(idIn(spec.labels.trial)))) {
          const { exitCode, stderr } = await sandbox.exec(text, { as: 'harness', ...user });
          if (exitCode !== 0) throw new Error(`the setup ended with ${exitCode}: ${stderr}`);
        }
        return sandbox;
      } catch (error) {
        await sandbox.close();
        throw error;
      }
    },
  };
}

const asAgent = { user: 'agent', env: { HOME: '/home/agent' } };

function setupsOf(entry: Entry | undefined) {
  const { setup, setup_as, setup_then } = entry ?? {};
  return [
    ...(setup === undefined ? [] : [{ text: setup, user: setup_as === 'agent' ? asAgent : {} }]),
    ...(setup_then === undefined ? [] : [{ text: setup_then, user: asAgent }]),
  ];
}
