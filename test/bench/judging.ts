import type { TaskSetup } from '../../src/check/checked-trial.ts';
import { defaultRules } from '../../src/policy/default-rule.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { commandAgent } from './command.ts';
import type { Figure } from './figure.ts';
import { stepTimes } from './step-times.ts';
import { benchTask, playTask } from './trials.ts';

const rounds = 3;
const calls = 40;
/** Milliseconds that the thinking agent takes for a decision; a model takes longer. */
const thinksMs = 150;

/** What it costs a call to be judged before by rules, and after by what it did, against a task with neither. */
export async function measureJudging(provider: SandboxProvider): Promise<Figure[]> {
  const judged = { thinking: stepTimes(calls), prompt: stepTimes(calls) };
  const bare = { thinking: stepTimes(calls), prompt: stepTimes(calls) };
  const played = { provider, task: benchTask('calls'), attempts: 1, concurrency: 1 };
  for (let round = 0; round < rounds; round++)
    for (const [pace, thinks] of [
      ['thinking', thinksMs],
      ['prompt', 0],
    ] as const) {
      const agent = commandAgent(calls, thinks);
      await playTask({ ...played, agent, event: judged[pace].event });
      await playTask({ ...played, agent, altered: unjudged, event: bare[pace].event });
    }
  return [
    {
      name: `judging before: a decision to its verdict by ${defaultRules.length} rules, to no rules`,
      unit: 'ms',
      ours: judged.thinking.judged,
      floor: bare.thinking.judged,
    },
    {
      name: `judging before and after: a call by an agent that thinks ${thinksMs} ms, to neither`,
      unit: 'ms',
      ours: judged.thinking.call,
      floor: bare.thinking.call,
    },
    {
      name: 'judging before and after: a whole step by an agent that thinks no time, to neither',
      unit: 'ms',
      ours: judged.prompt.step,
      floor: bare.prompt.step,
    },
  ];
}

/** The same task without rules, and without a state that is asked for: what is verified then is the answer. */
function unjudged({ task, environment }: TaskSetup): TaskSetup {
  const { state: _, ...config } = environment.config;
  const off = defaultRules.map(({ id }) => id);
  const verify = { by: 'answer' as const, pattern: '.*', tolerance: 0 };
  const additions = { ...task.additions, milestones: [], verify };
  const phase = { ...task.phases[0], verify };
  return {
    task: { ...task, policy: { rules: [], off }, additions, phases: [phase] },
    environment: { ...environment, config, policy: { rules: [], off: [] } },
  };
}
