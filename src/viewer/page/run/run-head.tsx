import type { RunPage } from '../../api.ts';
import { duration, money } from '../figure.ts';
import { Fact } from '../trial/trial-head.tsx';

/** What a run is and how far it has come. */
export function RunHead({ page: { run, trials } }: { page: RunPage }) {
  const ended = trials.filter(({ status }) => status === 'ended').length;
  const running = trials.filter(({ status }) => status === 'running').length;
  const costs = trials.map(({ costUsd }) => costUsd).filter((cost) => typeof cost === 'number');
  const spent = costs.reduce((sum, cost) => sum + cost, 0);
  const took = run.endedAt === undefined ? undefined : Date.parse(run.endedAt) - Date.parse(run.startedAt);
  const look = { done: 'good', running: 'live', interrupted: 'warn', failed: 'unsafe' }[run.status];
  return (
    <section className="head" aria-label="Run">
      <h1>{run.run}</h1>
      <span className={`badge ${look}`}>{run.status}</span>
      <Fact name="trials">
        {ended} of {trials.length}
        {running > 0 ? `, ${running} running` : ''}
      </Fact>
      <Fact name="spent">{costs.length > 0 ? money(spent) : 'not known'}</Fact>
      {took !== undefined && <Fact name="took">{duration(took)}</Fact>}
      <Fact name="sandbox">{run.config.sandbox}</Fact>
      <Fact name="agents">{run.config.agents.length}</Fact>
      <Fact name="tasks">{run.config.tasks.length}</Fact>
    </section>
  );
}
