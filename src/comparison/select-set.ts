import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProctorError } from '../errors.ts';
import { didYouMean } from '../schema/nearest.ts';
import { findTraces, foldersIn } from '../trace/find-trace.ts';
import { runFile } from '../trace/run-file.ts';
import { readTrials } from './read-run.ts';
import { agentNames, filtered, type SetTrial, type TrialFilter, type TrialSet } from './trial-set.ts';

/**
 * Reads the sets that selectors name: each is `last`, the id of a run or its beginning, the folder of a run or of runs, one of them
 * with `:agent` after it, or several such joined by `+`. Throws `not-found` or `bad-flag` naming the nearest that there is.
 */
export function selectSets(selectors: readonly string[], tracesDir: string, filter: TrialFilter): TrialSet[] {
  return chooseSets(selectors, folderReader(tracesDir), filter);
}

/** The same of runs that a reader finds. */
export function chooseSets(selectors: readonly string[], read: RunReader, filter: TrialFilter): TrialSet[] {
  const sets = selectors.map((selector) =>
    joined(
      selector,
      partsOf(selector).map((part) => select(part, read)),
    ),
  );
  requireFilters(sets, filter);
  return sets.map((set) => {
    const kept = filtered(set, filter);
    if (kept.trials.length > 0) return kept;
    const why =
      set.trials.length === 0 ? 'no trial of it can be read' : 'no trial of it is left by the filters';
    throw new ProctorError('not-found', `${set.selector}: ${why}`);
  });
}

/** Where runs are looked for. */
export interface RunReader {
  /** In words, for messages. */
  place: string;
  /** Ids of its runs, the newest last. */
  ids(): string[];
  /** The trials of runs by reference; undefined where there is no such run. */
  runs(reference: string): Omit<TrialSet, 'selector'> | undefined;
  /** Paths of runs, or of folders of runs, beside a path where there is none. */
  beside?(path: string): string[];
}

/** Each run is read once, however many selectors name it. */
function folderReader(tracesDir: string): RunReader {
  const known = new Map<string, Omit<TrialSet, 'selector'>>();
  const read = (dir: string) => {
    const trials = known.get(dir) ?? readTrials(dir);
    known.set(dir, trials);
    return trials;
  };
  return {
    place: tracesDir,
    ids: () => runIds(tracesDir),
    beside: pathsBeside,
    runs(reference) {
      const found = runFolders(reference, tracesDir).map(read);
      if (found.length === 0) return undefined;
      return {
        trials: found.flatMap(({ trials }) => trials),
        unreadable: found.flatMap(({ unreadable }) => unreadable),
      };
    },
  };
}

/** Folders of the runs that a reference means; none where it means none. Throws `bad-flag` where an id's beginning fits several. */
function runFolders(reference: string, tracesDir: string): string[] {
  if (reference === '') return [];
  if (reference === 'last') {
    const [first] = findTraces('last', tracesDir);
    return first ? [dirname(first.dir)] : [];
  }
  const byPath = [reference, join(tracesDir, reference)].map((path) => resolve(path));
  const own = byPath.find(isRun);
  if (own !== undefined) return [own];
  const inFolder = byPath.flatMap((dir) => foldersIn(dir).map((name) => join(dir, name))).filter(isRun);
  if (inFolder.length > 0) return inFolder;
  const begun = runIds(tracesDir).filter((id) => id.startsWith(reference));
  if (begun.length > 1)
    throw new ProctorError(
      'bad-flag',
      `"${reference}" could be any of ${begun.slice(0, 10).join(', ')}; give one of them`,
    );
  return begun.map((id) => resolve(tracesDir, id));
}

function pathsBeside(path: string): string[] {
  const folder = dirname(path);
  if (!path.includes('/') || !existsSync(folder)) return [];
  return foldersIn(folder)
    .map((name) => join(folder, name))
    .filter((dir) => [dir, ...foldersIn(dir).map((name) => join(dir, name))].some(isRun));
}

const isRun = (dir: string) => existsSync(join(dir, runFile));

const runIds = (tracesDir: string) => foldersIn(tracesDir).filter((name) => isRun(join(tracesDir, name)));

function partsOf(selector: string): string[] {
  return existsSync(selector) ? [selector] : selector.split('+').map((part) => part.trim());
}

/** The trials of one run, of runs in a folder, or of one agent in them. */
function select(part: string, read: RunReader): Omit<TrialSet, 'selector'> {
  const whole = read.runs(part);
  if (whole) return whole;
  for (let at = part.indexOf(':'); at !== -1; at = part.indexOf(':', at + 1)) {
    const found = read.runs(part.slice(0, at));
    if (!found) continue;
    const agent = part.slice(at + 1);
    const agents = valuesOf(found.trials, ({ agent: name }) => [name]);
    const meant = agents.includes(agent) ? [agent] : agents.filter((id) => agentNames(id).includes(agent));
    if (meant.length > 1)
      throw new ProctorError('bad-flag', `${part}: "${agent}" could be any of ${meant.join(', ')}`);
    const trials = found.trials.filter((trial) => meant.includes(trial.agent));
    if (trials.length > 0) return { ...found, trials };
    throw new ProctorError(
      'not-found',
      `${part}: ${part.slice(0, at)} has no agent "${agent}"${didYouMean(agent, agents.flatMap(agentNames)) || `; it has ${agents.join(', ')}`}`,
    );
  }
  throw notFound(part, read);
}

/** Agents of the last run are known too: one is easily named without its run. */
function notFound(part: string, read: RunReader): ProctorError {
  const ids = read.ids();
  const path = part.split(':')[0] ?? part;
  const beside = didYouMean(path, read.beside?.(path) ?? []);
  if (beside !== '') return new ProctorError('not-found', `${path}: there is no run${beside}`);
  if (ids.length === 0) return new ProctorError('not-found', `${read.place}: there are no runs yet`);
  const agents = valuesOf(read.runs('last')?.trials ?? [], ({ agent }) => [agent]);
  const [head = part] = part.split(':');
  const hint = agents.includes(part)
    ? `; did you mean "last:${part}"?`
    : didYouMean(head, ['last', ...ids]) ||
      didYouMean(
        part,
        agents.map((agent) => `last:${agent}`),
      ) ||
      `; the newest is "${ids.at(-1)}"`;
  return new ProctorError('not-found', `no run "${head}" in ${read.place}${hint}`);
}

/** One trial counts once, even where two parts of a selector name it. */
function joined(selector: string, parts: readonly Omit<TrialSet, 'selector'>[]): TrialSet {
  const once = <T extends { run: string; trial: string }>(all: readonly T[]) => [
    ...new Map(all.map((one) => [`${one.run}/${one.trial}`, one])).values(),
  ];
  return {
    selector,
    trials: once(parts.flatMap(({ trials }) => trials)),
    unreadable: once(parts.flatMap(({ unreadable }) => unreadable)),
  };
}

/** Throws `not-found` where something is asked for that no trial of any set has. */
function requireFilters(sets: readonly TrialSet[], filter: TrialFilter): void {
  const trials = sets.flatMap((set) => set.trials);
  const known: Record<keyof TrialFilter, string[]> = {
    task: valuesOf(trials, ({ task }) => [task, ...suitesOf(task)]),
    tag: valuesOf(trials, ({ tags }) => tags),
    agent: valuesOf(trials, ({ agent }) => agentNames(agent)),
  };
  for (const name of ['task', 'tag', 'agent'] as const) {
    const wrong = filter[name].find((value) => !known[name].includes(value));
    if (wrong === undefined) continue;
    const hint = didYouMean(wrong, known[name]) || `; there are ${known[name].slice(0, 8).join(', ')}`;
    throw new ProctorError('not-found', `--${name} ${wrong}: no trial of these sets has it${hint}`);
  }
}

/** The folders that a task's name begins with. */
function suitesOf(task: string): string[] {
  const parts = task.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function valuesOf(trials: readonly SetTrial[], values: (trial: SetTrial) => readonly string[]): string[] {
  return [...new Set(trials.flatMap(values))].sort();
}
