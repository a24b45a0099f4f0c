import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { scriptSession } from '../../src/agent/script.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { type Script, script } from '../../src/schema/task.ts';
import { type ScoredTrace, scoreTrace } from '../../src/scored-trace.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { runTrials } from '../run-trials.ts';

export interface Played {
  /** Files of the task's folder. */
  task: Record<string, string>;
  /** Symbolic links in it: where each leads to. */
  links?: Record<string, string>;
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
  const dir = folderOf({ 'instruction.md': 'Do it.', 'task.toml': '', ...played.task });
  for (const [path, target] of Object.entries(played.links ?? {})) symlinkSync(target, join(dir, path));
  const task = loadTask(dir, 'made/task');
  const roots = played.environments ? [folderOf(played.environments)] : [];
  const steps = script.parse(played.script);
  const agent = { id: 'scripted:made', open: async () => scriptSession(steps) };
  const { traceOf } = await runTrials({
    run: 'made',
    dir: temporaryFolder(),
    trials: [{ task, agent, environment: environmentOf(task, { roots }), attempt, trial: 'trial' }],
    provider: played.provider,
  });
  return scoreTrace(traceOf('trial'));
}
