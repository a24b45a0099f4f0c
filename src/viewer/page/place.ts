import { useSyncExternalStore } from 'react';

/** Tabs of a step, in order. */
export const tabs = [
  'calls',
  'decided',
  'saw',
  'world',
  'network',
  'policy',
  'scores',
  'log',
  'raw',
] as const;
export type Tab = (typeof tabs)[number];

/** What the page shows; all of it stands in the address, so that a link leads back to it. */
export interface Place {
  view: 'runs' | 'run' | 'trial' | 'compare' | 'comparison' | 'workers';
  run?: string;
  trial?: string;
  /** The trial it is compared with, and its run where that is another one. */
  other?: string;
  otherRun?: string;
  /** Everything else, such as the step, the tab, filters and the searched text. */
  query: Readonly<Record<string, string>>;
}

/** Reads an address such as `#/trial/<run>/<trial>?step=3&tab=calls`. */
function parsePlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view, run, trial, other, otherRun] = path.split('/').map(decoded);
  const query = Object.fromEntries(new URLSearchParams(search));
  if (view === 'run' && run) return { view, run, query };
  if (view === 'trial' && run && trial) return { view, run, trial, query };
  if (view === 'compare' && run && trial && other)
    return { view, run, trial, other, ...(otherRun && { otherRun }), query };
  if (view === 'comparison' || view === 'workers') return { view, query };
  return { view: 'runs', query };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a place; what is undefined or empty is left out. */
export function hashOf({ view, run, trial, other, otherRun, query }: PlaceParts): string {
  const path = [view, run, trial, other, otherRun]
    .filter((part) => part !== undefined)
    .map(encodeURIComponent);
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given as [string, string][]).toString();
  return `#/${path.join('/')}${search === '' ? '' : `?${search}`}`;
}

interface PlaceParts extends Omit<Place, 'query' | 'otherRun'> {
  otherRun?: string | undefined;
  query?: Readonly<Record<string, string | undefined>>;
}

/** Goes to a place; small changes of the same view leave no entry in the history. */
function go(place: PlaceParts, options: { replace?: boolean } = {}): void {
  const hash = hashOf(place);
  if (hash === window.location.hash) return;
  if (options.replace) {
    window.history.replaceState(null, '', hash);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    window.location.hash = hash;
  }
}

/** Changes parts of the query of the place that is shown. */
export function change(query: Record<string, string | undefined>): void {
  const place = parsePlace(window.location.hash);
  go({ ...place, query: { ...place.query, ...query } }, { replace: true });
}

export function usePlace(): Place {
  const hash = useSyncExternalStore(watch, () => window.location.hash);
  return parsePlace(hash);
}

function watch(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}
