import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { proctor, startProctor } from '../cli/proctor.ts';
import { temporaryFolder } from '../folder.ts';
import { message } from '../model-server/reply.ts';
import { startModelServer } from '../model-server/server.ts';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../queue/postgres.ts';
import { metric, openMetrics, openMetricsNote, samplesOf } from './parser.ts';

const key = 'sk-nobody-may-see-this';

describe.skipIf(!postgres || !openMetrics)(`what a worker counts${postgresNote || openMetricsNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  async function startWorker(queue: string, env: Record<string, string>) {
    const flags = ['--queue', queue, '--sandbox', 'embedded', '--metrics', '0', '--labels', 'gpu'];
    const worker = startProctor(['worker', ...flags], { env });
    onTestFinished(() => void worker.process.kill('SIGKILL'));
    const url = await new Promise<string>((resolve) => {
      let said = '';
      worker.process.stderr?.on('data', (text: string) => {
        said += text;
        const [, found] = /metrics at (\S+)\n/.exec(said) ?? [];
        if (found) resolve(found);
      });
    });
    return { worker, url };
  }

  it('is read by Prometheus’ own parser: leases, outcomes, phases, tokens and money by endpoint, and how the queue stands', async () => {
    const model = await startModelServer(() =>
      message({
        calls: [{ name: 'submit', arguments: { answer: 'done' } }],
        usage: { input: 1000, output: 200 },
      }),
    );
    onTestFinished(() => model.close());
    const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: key };
    const queue = await server.database();
    const out = temporaryFolder();
    const { worker, url } = await startWorker(queue, env);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const place = ['--sandbox', 'embedded', '--out', out, '--queue', queue, '--store', join(out, 'store')];
    const agent = ['--agent', 'openai:small', '--price', 'in=1,out=10', '--rate', 'requests=6000', '-n', '3'];
    const run = ['run', 'quickstart/damaged-mug', ...agent, ...place, '--labels', 'gpu'];
    expect(await proctor(run, { env })).toMatchObject({
      stderr: expect.stringContaining('3 planned = 3 committed'),
    });
    const waits = await proctor([...run, '--labels', 'arm', '--detach'], { env });
    expect(waits.code).toBe(0);

    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    const text = await answer.text();
    expect(text).not.toContain(key);
    const samples = samplesOf(text);
    const value = (name: string, labels?: Record<string, string>) => metric(samples, name, labels);
    expect(value('proctor_worker_info', { sandbox: 'embedded', labels: 'gpu' })).toBe(1);
    expect(value('proctor_worker_capacity')).toBe(4);
    expect(value('proctor_worker_leases')).toBe(0);
    expect(value('proctor_claims_total', { claim: 'first' })).toBe(3);
    expect(value('proctor_claims_ended_total', { how: 'committed' })).toBe(3);
    expect(value('proctor_claims_ended_total', { how: 'refused' })).toBe(0);
    expect(value('proctor_trials_total', { outcome: 'submitted' })).toBe(3);
    expect(value('proctor_trial_seconds_count')).toBe(3);
    for (const phase of ['provisioning', 'acting', 'verifying'])
      expect([phase, value('proctor_trial_phase_seconds_count', { phase })]).toEqual([phase, 3]);
    const at = { endpoint: model.url };
    expect(value('proctor_model_requests_total', { ...at, came: 'answered' })).toBe(3);
    expect(value('proctor_model_tokens_total', { ...at, kind: 'input' })).toBe(3000);
    expect(value('proctor_model_tokens_total', { ...at, kind: 'output' })).toBe(600);
    expect(value('proctor_model_cost_usd_total', at)).toBeCloseTo((3 * (1000 + 2000)) / 1e6, 9);
    expect(value('proctor_rate_limit_wait_seconds_count', at)).toBe(3);
    expect(value('proctor_queue_reached')).toBe(1);
    expect(value('proctor_queue_runs')).toBe(1);
    expect(value('proctor_queue_workers')).toBe(1);
    expect(value('proctor_queue_trials', { state: 'waiting' })).toBe(3);

    worker.process.kill('SIGTERM');
    expect(await worker.finished).toMatchObject({ code: 0 });
  });

  it('says that the database is gone, and no more how the queue stood', async () => {
    const own = await startPostgres();
    const { url } = await startWorker(await own.database(), {});
    expect(metric(samplesOf(await (await fetch(url)).text()), 'proctor_queue_reached')).toBe(1);
    await own.stop();
    const samples = samplesOf(await (await fetch(url)).text());
    expect(metric(samples, 'proctor_queue_reached')).toBe(0);
    expect(metric(samples, 'proctor_queue_trials', { state: 'waiting' })).toBeUndefined();
    expect(metric(samples, 'proctor_worker_capacity')).toBe(4);
  });
});
