import { describe, expect, it } from 'vitest';
import { readModelConfig } from '../../../src/agent/model/parameters.ts';
import { parseRate } from '../../../src/agent/model/rate.ts';
import { usageEstimate } from '../../../src/agent/model/usage-estimate.ts';
import { folderOf } from '../../folder.ts';

describe('what an endpoint may be asked for in a minute', () => {
  it('is read from a flag', () => {
    expect(parseRate('tokens=60000,requests=500')).toEqual({ tokens: 60_000, requests: 500 });
    expect(parseRate('tokens=60000')).toEqual({ tokens: 60_000 });
  });

  it.each(['', '60000', 'tokens', 'tokens=', 'tokens=-1', 'tokens=x', 'token=60000'])(
    'is refused where it says something else: %j',
    (text) => {
      expect(() => parseRate(text)).toThrow(`--rate ${text}: expected tokens=60000,requests=500, per minute`);
    },
  );

  it('is read from the file of the endpoint', () => {
    const dir = folderOf({ 'model.toml': '[rate]\ntokens = 60000\n' });
    expect(readModelConfig(`${dir}/model.toml`).rate).toEqual({ tokens: 60_000 });
  });
});

describe('what a request is expected to take', () => {
  const body = { messages: ['x'.repeat(4000)], max_tokens: 300 };

  it('is told by its size and the bound of its answer', () => {
    expect(usageEstimate().of(body)).toBeGreaterThan(1300);
    expect(usageEstimate().of(body)).toBeLessThan(1320);
    expect(usageEstimate().of({ messages: [] })).toBeGreaterThanOrEqual(1000);
  });

  it('follows what requests before took', () => {
    const estimate = usageEstimate();
    for (let asked = 0; asked < 50; asked++) {
      estimate.of(body);
      estimate.learn(body, { input: 2000, output: 10 });
    }
    expect(estimate.of(body)).toBeGreaterThan(2000);
    expect(estimate.of(body)).toBeLessThan(2030);
  });
});
