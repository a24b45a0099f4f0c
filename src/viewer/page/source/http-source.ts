import type { Source } from './source.tsx';

const address = (...parts: (string | number)[]) => `/api/${parts.map(encodeURIComponent).join('/')}`;

/** Asks the server the page came from. */
export const httpSource: Source = {
  runs: () => json(address('runs')),
  run: (run) => json(address('run', run)),
  comparison: (sets) =>
    json(`${address('comparison')}?${new URLSearchParams(sets.map((set) => ['set', set]))}`),
  trial: (run, trial) => json(address('trial', run, trial)),
  lineage: (run, trial) => json(address('lineage', run, trial)),
  rows: (run, trial, from) => json(`${address('rows', run, trial)}?from=${from}`),
  step: (run, trial, step) => json(address('step', run, trial, step)),
  log: (run, trial) => json(address('log', run, trial)),
  search: (run, trial, query, signal) =>
    json(`${address('search', run, trial)}?q=${encodeURIComponent(query)}`, signal),
  queue: () => json(address('queue')),
  async body(run, trial, sha256, offset) {
    const response = await fetch(`${address('body', run, trial, sha256)}?offset=${offset}`);
    if (!response.ok) throw new Error(await response.text());
    return new Uint8Array(await response.arrayBuffer());
  },
  follow(run, trial, changed) {
    const parts = trial === undefined ? [run] : [run, trial];
    const events = new EventSource(address('events', ...parts));
    events.addEventListener(trial === undefined ? 'run' : 'trial', changed);
    return () => events.close();
  },
};

async function json<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
