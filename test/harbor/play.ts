import type { Agent } from '../../src/agent/agent.ts';
import { nopAgent } from '../../src/agent/nop.ts';
import { oracleAgent } from '../../src/agent/oracle.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { type ScoredTrace, scoreTrace } from '../../src/scored-trace.ts';
import { findTasks } from '../../src/task/find.ts';
import { type ImageChanges, withImages } from '../../src/task/image.ts';
import { runTrials } from '../run-trials.ts';

/** Lets the reference and an agent that does nothing do every task of a folder; by task and agent. The traces go to `dir`. */
export async function playHarbor(
  folder: string,
  dir: string,
  images: ImageChanges,
): Promise<Map<string, ScoredTrace>> {
  const agents: Agent[] = [oracleAgent(), nopAgent()];
  const trials = findTasks([folder])
    .map((task) => withImages(task, images))
    .flatMap((task) =>
      agents.map((agent) => ({
        ...{ task, agent, environment: environmentOf(task), attempt: 1 },
        trial: `${task.name}-${agent.id}`.replace(/[^a-z0-9-]/g, '-'),
      })),
    );
  const provider = dockerProvider({ runId: `harbor-${process.pid}`, poolSize: 0 });
  const { traceOf } = await runTrials({ trials, provider, dir });
  const named = ({ task, agent }: (typeof trials)[number]) => `${task.name.split('/').at(-1)} ${agent.id}`;
  return new Map(trials.map((cell) => [named(cell), scoreTrace(traceOf(cell.trial))]));
}
