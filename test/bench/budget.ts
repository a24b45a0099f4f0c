import { spend } from '../queue/budget/spend.ts';
import { postgres, postgresNote, startPostgres } from '../queue/postgres.ts';

const load = {
  workers: 8,
  runs: 3,
  trials: 4,
  latencyMs: 500,
  tokensPerMinute: 60_000,
  seconds: 180,
  bytes: 4000,
};

/** What eight workers get out of an endpoint that enforces 60,000 tokens per minute. */
export async function measureBudget(): Promise<string> {
  if (!postgres) return `budget: not measured${postgresNote}`;
  const server = await startPostgres();
  try {
    const { requests, refused, answered, nulls, failures, used } = await spend(server, load);
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    return [
      `${load.workers} workers of ${load.runs} runs, ${load.seconds} s at ${load.tokensPerMinute.toLocaleString('en')} tokens per minute:`,
      `${requests} requests, ${percent(refused / requests)} refused; ${answered} answers, ${nulls} silent nulls, ${failures.length} failures;`,
      `${percent(used)} of the budget used`,
    ].join(' ');
  } finally {
    await server.stop();
  }
}
