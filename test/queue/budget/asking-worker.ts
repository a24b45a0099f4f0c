import { setTimeout as sleep } from 'node:timers/promises';
import { openChat } from '../../../src/agent/openai/chat.ts';
import { sharedRateGates } from '../../../src/queue/budget/shared-rate-gate.ts';
import { budgetTables } from '../../../src/queue/budget/tables.ts';
import { openDatabase } from '../../../src/queue/database.ts';
import { seededRandom } from '../../../src/statistic/random.ts';

/** What a worker is told, as JSON. */
export interface AskingWorker {
  database: string;
  baseUrl: string;
  run: string;
  seed: number;
  tokensPerMinute: number;
  seconds: number;
  /** Trials at the same time, each of which asks one question after the other. */
  trials: number;
  bytes: number;
}

/** What it says at its end, as JSON. */
export interface Asked {
  answered: number;
  /** Answers that say nothing, though nothing failed. */
  nulls: number;
  failures: string[];
  refused: number;
}

const told: AskingWorker = JSON.parse(process.argv[2] ?? '');
const database = await openDatabase(told.database, { migrations: [budgetTables] });
const gates = sharedRateGates({ database, run: told.run, limits: { tokens: told.tokensPerMinute } });
const chat = openChat({ model: 'm', baseUrl: told.baseUrl, apiKey: 'key', gates });
const random = seededRandom(told.seed);
const stop = new AbortController();
const asked: Asked = { answered: 0, nulls: 0, failures: [], refused: 0 };

async function trial(): Promise<void> {
  while (!stop.signal.aborted) {
    const content = 'x'.repeat(Math.ceil(told.bytes * (0.2 + 1.6 * random())));
    try {
      const { text, usage, retries = [] } = await chat.ask([{ role: 'user', content }], stop.signal);
      asked.answered += 1;
      asked.refused += retries.length;
      if (text === '' || !usage) asked.nulls += 1;
    } catch (error) {
      if (!stop.signal.aborted) asked.failures.push(String(error));
    }
  }
}

process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const trials = Array.from({ length: told.trials }, trial);
await sleep(told.seconds * 1000);
stop.abort(new Error('time is up'));
await Promise.all(trials);
await gates.close();
await database.close();
process.stdout.write(`${JSON.stringify(asked)}\n`);
process.stdin.destroy();
