import { createHash, randomUUID } from 'node:crypto';
import { exchange, type Transactions } from './exchange.ts';
import { gateOver } from './gate.ts';
import { openHolder } from './holder.ts';
import { rateBudget } from './rate-budget.ts';
import type { RateGates, RateLimits } from './rate-gate.ts';

/** What is held by workers that are gone is given back after so many milliseconds. */
export const leaseMs = 30_000;

interface Options {
  database: Transactions;
  /** Whose requests these are; runs share alike. */
  run: string;
  limits?: RateLimits;
  leaseMs?: number;
}

/** What a key is told by where it must not be seen. */
export const keyDigest = (apiKey: string): string =>
  createHash('sha256').update(apiKey).digest('hex').slice(0, 16);

const rateBudgetName = ({ baseUrl, apiKey }: Parameters<RateGates>[0]): string =>
  `rate ${baseUrl} ${keyDigest(apiKey)}`;

/** Gates that all workers at one database share, one for each endpoint and key. Without the database, nobody enters. */
export function sharedRateGates(options: Options): RateGates & { close(): Promise<void> } {
  const gates = new Map<string, ReturnType<typeof openGate>>();
  const gateOf: RateGates = (endpoint) => {
    const name = rateBudgetName(endpoint);
    const gate = gates.get(name) ?? openGate(name, options);
    gates.set(name, gate);
    return gate;
  };
  const close = async () => {
    await Promise.all([...gates.values()].map((gate) => gate.close()));
  };
  return Object.assign(gateOf, { close });
}

function openGate(name: string, { database, run, limits = {}, leaseMs: lease = leaseMs }: Options) {
  const budget = rateBudget(limits);
  let known: RateLimits = limits;
  const holderId = randomUUID();
  const holder = openHolder({
    ...{ run, leaseMs: lease },
    exchange: (batch) => exchange(database, { name, budget, holder: holderId, leaseMs: lease }, batch),
    onAnswer({ state, now }) {
      known = budget.limitsOf(state);
      gate.shutFor(state.shutUntil - now);
    },
  });
  const gate = gateOver(holder, () => known);
  return { ...gate, close: holder.close };
}
