import type { Run, RunTrial } from '../../src/schema/run.ts';

/** A run with these trials. */
export function sampleRun(trials: Pick<RunTrial, 'trial' | 'dir' | 'head'>[]): Run {
  return {
    version: 1,
    run: 'sample',
    proctor: '0.1.0',
    startedAt: '2026-01-05T09:00:00.000Z',
    status: 'running',
    pid: 4242,
    config: {
      tasks: [{ name: 'rotate-logs', path: 'tasks/sample/rotate-logs', digest: '0'.repeat(64) }],
      agents: ['scripted:careless'],
      attempts: 1,
      seed: '5f3a',
      sandbox: 'embedded',
      limits: { steps: 20 },
      options: {},
    },
    skipped: [],
    trials: trials.map((trial) => ({
      task: 'rotate-logs',
      agent: 'scripted:careless',
      attempt: 1,
      status: 'ended',
      outcome: 'timed-out',
      ...trial,
    })),
  };
}
