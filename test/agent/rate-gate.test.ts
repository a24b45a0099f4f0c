import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { rateGate } from '../../src/agent/rate-gate.ts';

const never = new AbortController().signal;

it('lets no more requests through at once than it has places', async () => {
  const gate = rateGate({ concurrency: 2 });
  let under = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++under);
    await turn();
    under--;
  };
  await Promise.all(Array.from({ length: 7 }, () => gate.enter(work, never)));
  expect(most).toBe(2);
});

it('hands through results and errors', async () => {
  const gate = rateGate({ concurrency: 1 });
  await expect(gate.enter(async () => 7, never)).resolves.toBe(7);
  await expect(gate.enter(() => Promise.reject(new Error('kaputt')), never)).rejects.toThrow('kaputt');
  await expect(gate.enter(async () => 8, never)).resolves.toBe(8);
});

it('does nothing while it is shut, and can be left by the signal', async () => {
  const gate = rateGate();
  gate.shut(3_600_000);
  const stop = new AbortController();
  let worked = false;
  const entered = gate.enter(async () => {
    worked = true;
  }, stop.signal);
  await turn();
  stop.abort(new Error('enough'));
  await expect(entered).rejects.toThrow('enough');
  expect(worked).toBe(false);
});

it('opens again', async () => {
  const gate = rateGate();
  gate.shut(5);
  gate.shut(1);
  await expect(gate.enter(async () => 'through', never)).resolves.toBe('through');
});

it('can be left while all places are taken, which then go to others', async () => {
  const gate = rateGate({ concurrency: 1 });
  const { promise, resolve } = deferred();
  const first = gate.enter(() => promise, never);
  const stop = new AbortController();
  const second = gate.enter(async () => 'second', stop.signal);
  stop.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  const third = gate.enter(async () => 'third', never);
  resolve();
  await first;
  await expect(third).resolves.toBe('third');
});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
