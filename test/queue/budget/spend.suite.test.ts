import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgres, postgresNote, startPostgres } from '../postgres.ts';
import { spend } from './spend.ts';

describe.skipIf(!postgres)(`eight workers at one endpoint${postgresNote}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('use what it lets through, are hardly ever refused and lose no answer', async () => {
    const spent = await spend(server, {
      ...{ workers: 8, runs: 3, trials: 4, latencyMs: 200 },
      ...{ tokensPerMinute: 240_000, seconds: 30, bytes: 2000 },
    });
    expect(spent.failures).toEqual([]);
    expect(spent.nulls).toBe(0);
    expect(spent.refused / spent.requests).toBeLessThanOrEqual(0.02);
    expect(spent.used).toBeGreaterThanOrEqual(0.9);
  });
});
