import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/schema/trace-event.ts';
import { temporaryFolder } from '../folder.ts';
import { call, disconnectAfter, hang, message, type Reply, status } from '../model-server/reply.ts';
import { type ModelServer, type Policy, startModelServer } from '../model-server/server.ts';
import { type Finished, proctor } from './proctor.ts';

const task = 'tasks/quickstart/log-triage';
const key = 'sk-test-0123456789abcdef';
let server: ModelServer | undefined;

afterEach(() => server?.close());

interface Ran extends Finished {
  trials: {
    outcome: string;
    reward: unknown;
    steps: number;
    tokens: { input: number; output: number };
    trace: string;
  }[];
  events: TraceEvent[];
  log: string;
  out: string;
}

/** Runs one task with the model `fake` that answers as the policy says. */
async function runModel(policy: Policy, ...flags: string[]): Promise<Ran> {
  server = await startModelServer(policy, { key });
  const out = temporaryFolder();
  const args = [
    'run',
    task,
    '--agent',
    'openai:fake',
    '--sandbox',
    'embedded',
    '--json',
    '--out',
    out,
    ...flags,
  ];
  const finished = await proctor(args, { env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: key } });
  const { trials } = finished.stdout === '' ? { trials: [] } : JSON.parse(finished.stdout);
  const log = trials[0] ? readFileSync(join(trials[0].trace, 'trace.jsonl'), 'utf8') : '';
  return {
    ...finished,
    trials,
    out,
    log,
    events: log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

const ofType = <T extends TraceEvent['type']>(events: TraceEvent[], type: T) =>
  events.filter((event): event is Extract<TraceEvent, { type: T }> => event.type === type);

/** Answers in order; the last answer is repeated. */
const inTurn =
  (...replies: Reply[]): Policy =>
  (_, index) =>
    replies[Math.min(index, replies.length - 1)] as Reply;

const bash = (command: string) => ({ name: 'bash', arguments: { command } });

describe('a model behind an OpenAI-compatible server', () => {
  it('works through a task with parallel calls, and its tokens, prices and requests are in the trace', async () => {
    const { code, trials, events, log } = await runModel(
      inTurn(
        message({
          text: 'I look around.',
          calls: [bash('ls'), bash('wc -l logs/*')],
          usage: { input: 100, output: 20 },
        }),
        message({
          calls: [{ name: 'submit', arguments: { answer: 'done' } }],
          usage: { input: 150, output: 5 },
        }),
      ),
      '--prices',
      new URL('price.toml', import.meta.url).pathname,
    );
    expect(code).toBe(0);
    expect(trials[0]).toMatchObject({
      outcome: 'submitted',
      steps: 2,
      tokens: { input: 250, output: 25 },
      costUsd: expect.closeTo(0.0003, 9),
    });
    const returned = ofType(events, 'tool.returned');
    expect(returned.map(({ callId, isError }) => [callId, isError])).toEqual([
      ['0.0', false],
      ['0.1', false],
      ['1.0', false],
    ]);
    expect(ofType(events, 'agent.asked').map(({ appended }) => appended)).toEqual([false, true]);
    expect(log).not.toContain(key);
  });

  it('is told what is wrong with malformed and unfit arguments, and goes on', async () => {
    const { trials, events } = await runModel(
      inTurn(
        call('bash', '{"command": "ls'),
        call('bash', { cmd: 'ls' }),
        call('no_such_tool', {}),
        call('submit'),
      ),
    );
    expect(trials[0]?.outcome).toBe('submitted');
    expect(ofType(events, 'tool.returned').map(({ errorClass }) => errorClass)).toEqual([
      'schema',
      'schema',
      'unknown-tool',
      undefined,
    ]);
    expect(JSON.stringify(server?.requests[2]?.messages)).toContain('command');
  });

  it('that talks without acting is reminded once, then counts as having given up', async () => {
    const { trials } = await runModel(inTurn(message({ text: 'Shall I begin?' })));
    expect(trials[0]).toMatchObject({ outcome: 'gave-up', steps: 2, reward: 0 });
  });

  it('is asked again after 429s, within one trial', async () => {
    const { trials, events } = await runModel(
      inTurn(status(429, 'slow down', { 'retry-after-ms': '10' }), status(503), call('submit')),
    );
    expect(trials[0]?.outcome).toBe('submitted');
    expect(ofType(events, 'agent.decided')[0]?.decision.retries).toHaveLength(2);
  });

  it('is asked again when the connection breaks in the middle of an answer', async () => {
    const { trials } = await runModel(inTurn(disconnectAfter(2), call('submit')));
    expect(trials[0]?.outcome).toBe('submitted');
  });

  it('that hangs is an infrastructure error within the patience, whatever time its agent has', async () => {
    const { code, stderr, trials, events } = await runModel(
      inTurn(hang()),
      '--max-seconds',
      '0.5',
      '--patience',
      '1',
    );
    expect(trials[0]).toMatchObject({
      outcome: 'infrastructure-error',
      reward: { unscored: expect.anything() },
    });
    expect(ofType(events, 'verifier.returned')).toHaveLength(0);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/proctor: no trial was scored: .*nothing came for 1 s/),
    ]);
  });

  it('is waited for on the harness’s time where it asks to slow down', async () => {
    const slow = status(429, 'slow down', { 'retry-after': '2' });
    const { trials, events } = await runModel(inTurn(slow, call('submit')), '--max-seconds', '1.5');
    expect(trials[0]?.outcome).toBe('submitted');
    expect(ofType(events, 'agent.decided')[0]?.waitedMs).toBeGreaterThanOrEqual(2000);
  });

  it('runs into the trial’s time limit where it never stops talking, and what it left is verified', async () => {
    const slow = async () => {
      await sleep(400);
      return call('bash', { command: 'true' });
    };
    const { trials, events } = await runModel(slow, '--max-seconds', '1');
    expect(trials[0]).toMatchObject({ outcome: 'timed-out', reward: 0 });
    expect(ofType(events, 'limit.reached')[0]).toMatchObject({ limit: 'seconds', max: 1 });
    expect(ofType(events, 'verifier.returned')).toHaveLength(1);
  });

  it('of which no price is known keeps a budget from being asked for, unless the price is given', async () => {
    const { code, stderr } = await runModel(inTurn(call('submit')), '--max-cost', '1');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('no price of fake is known; expected --price in='),
    ]);
    expect(server?.requests).toEqual([]);
    await server?.close();
    const priced = await runModel(inTurn(call('submit')), '--max-cost', '1', '--price', 'in=1,out=1');
    expect(priced.trials[0]).toMatchObject({ outcome: 'submitted', costUsd: expect.any(Number) });
  });

  it('that overflows its context ends as out-of-context, scored', async () => {
    const overflow = status(400, { error: { message: 'too long', code: 'context_length_exceeded' } });
    const { trials } = await runModel(inTurn(call('bash', { command: 'ls' }), overflow));
    expect(trials[0]).toMatchObject({ outcome: 'out-of-context', reward: 0 });
  });

  it('whose key is refused ends the run before any sandbox is opened', async () => {
    server = await startModelServer(inTurn(call('submit')), { key: 'another' });
    const out = temporaryFolder();
    const { code, stderr, stdout } = await proctor(['run', task, '-a', 'openai:fake', '--out', out], {
      env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: key },
    });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr.trim().split('\n').at(-1)).toMatch(/^proctor: .*(key|401)/i);
    expect(server.requests).toEqual([]);
  });

  it('stops at the token limit, and the run at its budget', async () => {
    const spending = message({ calls: [bash('ls')], usage: { input: 1000, output: 1000 } });
    const tokens = await runModel(inTurn(spending), '--max-tokens', '3000');
    expect(tokens.trials[0]).toMatchObject({ outcome: 'out-of-tokens', steps: 2 });
    await server?.close();
    const price = ['--prices', new URL('price.toml', import.meta.url).pathname];
    const budget = await runModel(
      inTurn(spending),
      ...price,
      '--max-cost',
      '0.005',
      '--attempts',
      '3',
      '--concurrency',
      '1',
    );
    expect(budget.trials).toHaveLength(1);
    expect(budget.trials[0]?.outcome).toBe('out-of-budget');
    expect(JSON.parse(budget.stdout).plan).toMatchObject({
      planned: 3,
      notRun: [{ attempt: 2 }, { attempt: 3 }],
      reason: expect.stringContaining('budget of $0.0050 is spent'),
    });
    const { requests = [], url = '' } = server ?? {};
    const asked = requests.length;
    const env = { OPENAI_BASE_URL: url, OPENAI_API_KEY: key };
    const again = (...flags: string[]) => proctor(['resume', 'last', '--out', budget.out, ...flags], { env });
    expect((await again()).stderr).toContain('2 of 3 trials left, but the budget of $0.0050 is spent');
    expect(requests).toHaveLength(asked);
    expect((await again('--max-cost', '0.02')).stdout).toMatch(/openai:fake +2 of 2/);
    expect(requests.length).toBeGreaterThan(asked);
  });

  it('that failed is asked again by retry, in a run that had ended, and the trial is scored', async () => {
    let works = false;
    const { code, out, stdout } = await runModel(() =>
      works ? call('submit') : status(404, 'no such model'),
    );
    expect([code, JSON.parse(stdout).trials[0].outcome]).toEqual([3, 'infrastructure-error']);
    works = true;
    const env = { OPENAI_BASE_URL: server?.url ?? '', OPENAI_API_KEY: key };
    const again = (command: string) => proctor([command, 'last', '--out', out, '--json'], { env });
    const resumed = await again('resume');
    expect(resumed.stderr).toMatch(
      /nothing is left to resume; proctor retry \S+ runs 1 infrastructure error again/,
    );
    const retried = await again('retry');
    expect([retried.code, retried.stderr]).toEqual([0, expect.stringContaining('1 of 1 trial left')]);
    expect(JSON.parse(retried.stdout).trials).toMatchObject([{ outcome: 'submitted' }]);
    expect((await again('retry')).stderr).toContain('nothing is left to retry');
  });
});
