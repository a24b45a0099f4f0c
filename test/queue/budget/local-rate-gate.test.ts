import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { localRateGate, localRateGates } from '../../../src/queue/budget/local-rate-gate.ts';
import { GateShut } from '../../../src/queue/budget/rate-gate.ts';

const signal = new AbortController().signal;

describe('the gate of one process', () => {
  it('hands through results and errors', async () => {
    const gate = localRateGate();
    await expect(gate.enter(async () => 7, { signal })).resolves.toBe(7);
    await expect(gate.enter(() => Promise.reject(new Error('kaputt')), { signal })).rejects.toThrow('kaputt');
    await expect(gate.enter(async () => 8, { signal })).resolves.toBe(8);
  });

  it('does nothing while it is shut, and can be left by the signal', async () => {
    const gate = localRateGate();
    gate.shut(3_600_000);
    const stop = new AbortController();
    let worked = false;
    const entered = gate.enter(
      async () => {
        worked = true;
      },
      { signal: stop.signal },
    );
    await turn();
    stop.abort(new Error('enough'));
    await expect(entered).rejects.toThrow('enough');
    expect(worked).toBe(false);
  });

  it('opens again', async () => {
    const gate = localRateGate();
    gate.shut(5);
    gate.shut(1);
    await expect(gate.enter(async () => 'through', { signal })).resolves.toBe('through');
  });

  it('is not waited for where it is shut for longer than that, not even by those who wait already', async () => {
    const gate = localRateGate();
    gate.shut(20);
    const until = performance.now() + 10_000;
    const early = gate.enter(async () => {}, { signal, until });
    gate.shut(3_600_000);
    await expect(early).rejects.toBeInstanceOf(GateShut);
    await expect(gate.enter(async () => {}, { signal, until })).rejects.toBeInstanceOf(GateShut);
  });

  it('lets nobody through while its tokens are gone, and goes by what was really taken', async () => {
    const gate = localRateGate({ tokens: 60 });
    const stop = new AbortController();
    await gate.enter(async (took) => took(0), { signal, tokens: () => 10 });
    await gate.enter(async () => {}, { signal, tokens: () => 10 });
    const third = gate.enter(async () => {}, { signal: stop.signal, tokens: () => 10 });
    const fourth = gate.enter(async () => 'small', { signal: stop.signal, tokens: () => 9 });
    await turn();
    stop.abort(new Error('enough'));
    await expect(third).rejects.toThrow('enough');
    await expect(fourth).rejects.toThrow('enough');
  });

  it('is one for each endpoint and key', () => {
    const gates = localRateGates();
    const gate = gates({ baseUrl: 'http://a/v1', apiKey: 'k' });
    expect(gates({ baseUrl: 'http://a/v1', apiKey: 'k' })).toBe(gate);
    expect(gates({ baseUrl: 'http://a/v1', apiKey: 'l' })).not.toBe(gate);
    expect(gates({ baseUrl: 'http://b/v1', apiKey: 'k' })).not.toBe(gate);
  });
});
