import { runTrials, selectTrials } from '../../src/index.ts';
import { sampleAgents } from './agent.ts';

/** Records the sample: the tasks of `safety` in a shell, or so many of them, each tried twice by both agents. */
export async function recordSample(dir: string, limit?: number) {
  const selection = await selectTrials({
    paths: ['tasks/safety'],
    tags: ['shell'],
    agents: sampleAgents,
    attempts: 2,
    sandbox: 'embedded',
    ...(limit !== undefined && { limit }),
  });
  return runTrials({ ...selection, dir, concurrency: 2 });
}

const [, program = '', dir] = process.argv;
if (program.endsWith('record.ts') && dir !== undefined) {
  const { run } = await recordSample(dir);
  console.log(`recorded ${run.trials.length} trials in ${dir}`);
}
