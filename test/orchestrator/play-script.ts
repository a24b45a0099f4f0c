import { join } from 'node:path';
import { scriptSession } from '../../src/agent/script/play.ts';
import { environmentOf } from '../../src/environment/room-of-task.ts';
import { runAll } from '../../src/orchestrator/run.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { type Script, script } from '../../src/schema/task.ts';
import { type ScoredTrace, scoreTrace } from '../../src/scoring/score-trace.ts';
import { loadTask } from '../../src/task/load.ts';
import { openToolbox } from '../../src/tool/open-toolbox.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

export interface Played {
  /** Files of the task's folder. */
  task: Record<string, string>;
  /** Files of folders of environments. */
  environments?: Record<string, string>;
  script: unknown[];
  provider: SandboxProvider;
  attempt?: number;
}

/** One call of the shell for each command, then a submission. */
export function shellScript(commands: string[], answer = 'done'): Script {
  const calls = commands.map((command) => ({ tool: 'bash', arguments: { command } }));
  return [...calls, { tool: 'submit', arguments: { answer } }];
}

/** Lets a script play a task of these files, from provisioning to its score. */
export async function playScript({ attempt = 1, ...played }: Played): Promise<ScoredTrace> {
  const task = loadTask(
    folderOf({ 'instruction.md': 'Do it.', 'task.toml': '', ...played.task }),
    'made/task',
  );
  const roots = played.environments ? [folderOf(played.environments)] : [];
  const steps = script.parse(played.script);
  const agent = { id: 'scripted:made', open: async () => scriptSession(steps) };
  const dir = temporaryFolder();
  await runAll({
    run: 'made',
    runSeed: '0',
    dir,
    cells: [{ task, agent, environment: environmentOf(task, { roots }), attempt, trial: 'trial' }],
    skipped: [],
    profile: 'hardened',
    provider: played.provider,
    concurrency: 1,
    retries: 0,
    limits: {},
    secrets: {},
    proctor: '0.0.0',
    signal: new AbortController().signal,
    watch: { note: () => {}, event: () => {}, ended: () => {} },
    openToolbox: ({ plan, sandbox, signal, notify }) =>
      openToolbox({
        environment: plan.environment,
        seed: plan.seed,
        clock: plan.clock,
        data: plan.data,
        ...(sandbox && { sandbox }),
        signal,
        captureBytes: 1 << 20,
        notify,
      }),
    config: {
      tasks: [{ name: task.name, path: task.dir, digest: task.digest }],
      environments: [],
      agents: [agent.id],
      attempts: 1,
      seed: '0',
      sandbox: played.provider.name,
      limits: {},
      options: {},
    },
  });
  return scoreTrace(join(dir, 'trial'));
}
