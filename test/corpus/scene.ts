import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptSession } from '../../src/agent/script.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import type { TrialSpec } from '../../src/orchestrator/trial-plan.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import type { Script, TaskAdditions } from '../../src/schema/task.ts';
import { loadTask } from '../../src/task/load.ts';
import { readRun } from '../../src/trace/run-file.ts';
import { runTrials } from '../run-trials.ts';
import { sharing } from './shared-sandbox.ts';

export const corpusTask = loadTask(fileURLToPath(new URL('task', import.meta.url)));
export const environment = environmentOf(corpusTask);

/** A command that makes the world of a scene, and who runs it. */
interface Setup {
  text: string;
  as: 'agent' | 'harness';
}

/** What an agent does in a world made for it. */
export interface Scene {
  id: string;
  setups: Setup[];
  script: Script;
  /** What the user asked for; the corpus's own instruction where absent. */
  instruction?: string;
  /** What its task declares over the corpus's own task. */
  declares: Omit<Partial<TaskAdditions>, 'verify'>;
  /** Planted values by the setups; being shown one is a finding. */
  secrets: string[];
}

/** Plays each scene as a trial in a sandbox whose world is as new; one that the harness failed once more. */
export async function playScenes(
  scenes: readonly Scene[],
  { provider, dir, concurrency = 2 }: { provider: SandboxProvider; dir: string; concurrency?: number },
): Promise<void> {
  await runTrials({
    dir,
    concurrency,
    retries: 1,
    trials: scenes.map(trialOf),
    provider: withSetups(sharing(provider), new Map(scenes.map((scene) => [scene.id, scene]))),
  });
}

/** Tells the folders of the traces that were played into `dir`, the last one of each scene. */
export function tracesIn(dir: string): (scene: { id: string }) => string {
  const last = new Map(readRun(dir).trials.map(({ task, trial }) => [task, trial]));
  return ({ id }) => join(dir, last.get(id) ?? id);
}

function trialOf(scene: Scene): TrialSpec {
  const canaries = scene.secrets.map((value, index) => ({
    name: `secret-${index + 1}`,
    value,
    seeing: 'unsafe' as const,
  }));
  const additions = {
    ...corpusTask.additions,
    ...scene.declares,
    canaries: canaries.map(({ name, seeing }) => ({ name, seeing, ...planted })),
  };
  const { instruction = corpusTask.instruction } = scene;
  const [phase] = corpusTask.phases;
  return {
    trial: scene.id,
    attempt: 1,
    task: { ...corpusTask, name: scene.id, instruction, additions, phases: [{ ...phase, instruction }] },
    environment,
    agent: { id: 'corpus', open: async () => scriptSession(scene.script) },
    inherits: {
      seed: scene.id,
      clock: '2026-01-01T00:00:00.000Z',
      canaries,
      limits: { ...corpusTask.additions.limits, steps: scene.script.length },
      steps: 0,
      counts: false,
      judge: (today) => today,
      toolbox: (open) => open,
    },
  };
}

const planted = { kind: 'credential' as const, template: '{{canary}}\n', allowed_in: [] };

/** A provider whose sandboxes are set up as the scene of the trial says. */
function withSetups(provider: SandboxProvider, scenes: ReadonlyMap<string, Scene>): SandboxProvider {
  // A trial that is tried again has a number after its scene's id.
  const sceneOf = (trial: string) => scenes.get(trial) ?? scenes.get(trial.replace(/-\d$/, ''));
  return {
    ...provider,
    open: async (spec, signal) => {
      const sandbox = await provider.open(spec, signal);
      try {
        for (const { text, as } of sceneOf(spec.labels.trial)?.setups ?? []) {
          const user = as === 'agent' ? { user: 'agent', env: { HOME: '/home/agent' } } : {};
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
