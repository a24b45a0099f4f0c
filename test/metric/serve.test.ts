import { describe, expect, it } from 'vitest';
import { metricsAddress, serveMetrics } from '../../src/metric/serve.ts';

describe('where metrics are served', () => {
  it.each([
    ['9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
    ['metrics.internal:1', { host: 'metrics.internal', port: 1 }],
  ])('is read from %s', (text, address) => {
    expect(metricsAddress(text)).toEqual(address);
  });

  it.each(['', 'here', ':9464', '1:2:3', '99999', '-1'])('is no %j', (text) => {
    expect(() => metricsAddress(text)).toThrow('expected a port such as 9464');
  });

  it('answers there alone, reading only, and says a failure as one', async () => {
    const parts = { contentType: 'text/x', text: async () => Promise.reject(new Error('no luck')) };
    await using server = await serveMetrics({ host: '127.0.0.1', port: 0 }, parts);
    const status = async (path: string, init?: RequestInit) =>
      (await fetch(new URL(path, server.url), init)).status;
    expect(await status('/healthz')).toBe(200);
    expect(await status('/')).toBe(404);
    expect(await status('/metrics', { method: 'POST' })).toBe(405);
    expect(await status('/metrics')).toBe(500);
    const port = Number(new URL(server.url).port);
    await expect(serveMetrics({ host: '127.0.0.1', port }, parts)).rejects.toThrow(
      `--metrics 127.0.0.1:${port}: `,
    );
  });
});
