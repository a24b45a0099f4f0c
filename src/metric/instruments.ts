import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A registry that writes OpenMetrics, and what is counted in it; the names are what dashboards ask for. */
export function instruments() {
  const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry as unknown as Registry];
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ) => new Histogram({ name, help, buckets, labelNames, registers });
  return {
    registry,
    queueReached: gauge('proctor_queue_reached', 'Whether the database answered when it was last asked.'),
    queueRuns: gauge('proctor_queue_runs', 'Runs of which something is left.'),
    queueTrials: gauge('proctor_queue_trials', 'Trials of the runs of which something is left.', 'state'),
    queueAttempts: gauge('proctor_queue_attempts', 'Ended attempts at these trials, by how.', 'how'),
    queueWorkers: gauge('proctor_queue_workers', 'Workers that are there.'),
    worker: gauge('proctor_worker_info', 'This worker.', 'worker', 'version', 'sandbox', 'labels'),
    capacity: gauge('proctor_worker_capacity', 'Trials that this worker makes at the same time.'),
    leases: gauge('proctor_worker_leases', 'Trials that this worker holds the lease of.'),
    inPhase: gauge('proctor_worker_trials', 'Trials under way here, by what they are at.', 'phase'),
    claims: counter('proctor_claims_total', 'Claims of this worker: first, or again.', 'claim'),
    claimsEnded: counter('proctor_claims_ended_total', 'Claims that have ended, by how.', 'how'),
    trials: counter('proctor_trials_total', 'Attempts that have ended here.', 'outcome'),
    trialSeconds: histogram(
      'proctor_trial_seconds',
      'Seconds from a claim to the end of an attempt.',
      [1, 3, 10, 30, 60, 120, 300, 600, 1200, 3600],
    ),
    phaseSeconds: histogram(
      'proctor_trial_phase_seconds',
      'Seconds that trials were in a phase, each time.',
      [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
      'phase',
    ),
    requests: counter(
      'proctor_model_requests_total',
      'Requests of models; the key by its digest.',
      ...['endpoint', 'key', 'came'],
    ),
    tokens: counter('proctor_model_tokens_total', 'Tokens that models took.', 'endpoint', 'key', 'kind'),
    cost: counter('proctor_model_cost_usd_total', 'US dollars that models took.', 'endpoint', 'key'),
    rateLimited: counter(
      'proctor_rate_limited_total',
      'Requests that an endpoint refused for its rate limit.',
      ...['endpoint', 'key'],
    ),
    waitSeconds: histogram(
      'proctor_rate_limit_wait_seconds',
      'Seconds that requests waited for their part of a rate limit.',
      [0.001, 0.01, 0.1, 1, 3, 10, 30, 60, 120, 300, 600],
      ...['endpoint', 'key'],
    ),
  };
}
