import { gateOver } from './gate.ts';
import type { Settle } from './holder.ts';
import { rateBudget } from './rate-budget.ts';
import type { RateGate, RateGates, RateLimits } from './rate-gate.ts';

/** The gates of one process, one for each endpoint and key. */
export function localRateGates(limits: RateLimits = {}): RateGates {
  const gates = new Map<string, RateGate>();
  return ({ baseUrl, apiKey }) => {
    const name = `${baseUrl} ${apiKey}`;
    const gate = gates.get(name) ?? localRateGate(limits);
    gates.set(name, gate);
    return gate;
  };
}

export function localRateGate(limits: RateLimits = {}): RateGate {
  const budget = rateBudget(limits);
  let state = budget.open(performance.now());
  let waiting: { id: string; amount: number; place: number; grant(): void }[] = [];
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;

  const serve = () => {
    clearTimeout(timer);
    const served = budget.serve(state, waiting, performance.now());
    state = served.state;
    const granted = waiting.splice(0, served.granted.length);
    for (const { grant } of granted) grant();
    const [dueInMs] = served.dueInMs ?? [];
    if (dueInMs !== undefined) timer = setTimeout(serve, dueInMs);
  };
  const settle = (amount: number) => (used: number | undefined) => {
    state = budget.settle(state, amount, used, performance.now());
    serve();
  };

  return gateOver(
    {
      ask: (amount, signal) =>
        new Promise<Settle>((resolve, reject) => {
          if (signal.aborted) return reject(signal.reason);
          const placed = budget.place(state, { run: '', amount });
          state = placed.state;
          const leave = () => {
            waiting = waiting.filter((one) => one !== asking);
            reject(signal.reason);
            serve();
          };
          const asking = {
            ...{ id: String(asked++), amount, place: placed.place },
            grant: () => {
              signal.removeEventListener('abort', leave);
              resolve(settle(amount));
            },
          };
          signal.addEventListener('abort', leave, { once: true });
          waiting.push(asking);
          serve();
        }),
      shut(ms) {
        state = budget.shut(state, ms, performance.now());
      },
      learn(told) {
        state = budget.learn(state, told);
        serve();
      },
    },
    () => budget.limitsOf(state),
  );
}
