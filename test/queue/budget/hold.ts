import { sharedAccount } from '../../../src/queue/budget/shared-account.ts';
import { budgetTables } from '../../../src/queue/budget/tables.ts';
import { openDatabase } from '../../../src/queue/database.ts';

const [, , url = '', leaseMs] = process.argv;
const database = await openDatabase(url, { migrations: [budgetTables] });
const account = sharedAccount({ database, run: 'r', maxCostUsd: 1, leaseMs: Number(leaseMs) });
const { signal } = new AbortController();
const settle = await account.reserve(signal);
settle(0.6);
await account.reserve(signal);
process.stdout.write('held\n');
setInterval(() => {}, 1000);
