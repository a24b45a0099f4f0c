import { agentNames, type SetTrial } from '../../comparison/trial-set.ts';
import { completedCanaries } from '../../contamination/canary.ts';
import { contaminationOf } from '../../contamination/contamination.ts';
import { ProctorError } from '../../errors.ts';
import { freshSeed } from '../../library/instance.ts';
import { recite } from '../../library/recite.ts';
import { runSuite, type SuiteOptions } from '../../library/run-suite.ts';
import { contaminationMarkdown, renderContamination } from '../../report/contamination.ts';
import { didYouMean } from '../../schema/nearest.ts';
import { executed } from '../execute-run.ts';
import { print, printText, say } from '../print.ts';
import { requireEnd, requireReadable, requireScored } from '../result.ts';
import { recordedTrials } from './recorded.ts';

interface RecordedOnly {
  agent: string;
  reference?: string;
  out: string;
  format: 'text' | 'json' | 'markdown';
  json?: boolean;
}

interface ContaminationFlags extends RecordedOnly, Omit<SuiteOptions, 'agent' | 'out'> {
  log?: string;
  replay?: number;
}

/** Those that say how trials are run. */
const running = ['attempts', 'perturb', 'maxCost'] as const;
/** The same, of what `--replay` runs too. */
const executing = ['concurrency', 'seed'] as const;

/**
 * `proctor contamination`: whether an agent knew what is published, by how it does at instances that are not: in recorded runs or, with
 * `--instances`, in a run of its own. With `--replay`, what it did is made again without it.
 */
export async function contamination(paths: readonly string[], flags: ContaminationFlags): Promise<void> {
  requireUse(flags);
  const seed = flags.seed ?? freshSeed();
  if (flags.instances !== undefined || flags.replay !== undefined)
    say(`seed: ${seed}; with --seed ${seed} the same instances are run again`);
  const runs = flags.instances === undefined ? paths : [await runContrast(paths, { ...flags, seed })];
  if (flags.replay === undefined) return judge(runs, flags);
  judge([...runs, await replayed(runs, { ...flags, seed, replay: flags.replay })], flags);
}

/** Throws `bad-flag` where a flag is given that says how something is run that is not run. */
function requireUse(flags: ContaminationFlags): void {
  const unused = (names: readonly (keyof ContaminationFlags)[], needs: string) => {
    const given = names.find((name) => flags[name] !== undefined);
    if (given === undefined) return;
    const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new ProctorError('bad-flag', `--${flag}: only with ${needs}, which runs what is to be judged`);
  };
  if (flags.instances === undefined) unused(running, '--instances');
  if (flags.instances === undefined && flags.replay === undefined)
    unused(executing, '--instances or --replay');
}

/** Makes the recorded calls of the agents again; gives the run's folder. */
async function replayed(
  runs: readonly string[],
  { replay, seed, sandbox, ...flags }: ContaminationFlags & { replay: number; seed: string },
): Promise<string> {
  const { trials, agent, reference } = named(runs, flags);
  const { agent: _, attempts: __, ...setup } = flags;
  const { run, dir } = await recite(trials, {
    ...setup,
    agents: [agent, ...(reference === undefined ? [] : [reference])],
    instances: replay,
    // Not those that the agent did itself.
    seed: `${seed}/replay`,
    ...(sandbox !== undefined && sandbox !== 'auto' && { sandbox }),
    say,
    execute: executed(flags),
  });
  say(`recorded calls were made again in ${dir}: name it too, to judge the same once more`);
  requireEnd(run, dir);
  return dir;
}

/** Runs tasks as published, fresh variants of them and another form; gives the run's folder. Throws as `proctor run` does. */
async function runContrast(paths: readonly string[], flags: ContaminationFlags): Promise<string> {
  const { agent, reference, format: _, json: __, replay: ___, ...options } = flags;
  const result = await runSuite(paths, {
    ...options,
    agent: reference === undefined ? agent : [agent, reference],
    perturb: flags.perturb ?? 'wording',
    contrast: true,
    say,
    execute: executed(flags),
  });
  say(`recorded in ${result.dir}, on ${result.sandbox}`);
  requireReadable(result);
  requireEnd(result.record, result.dir);
  requireScored(result);
  return result.dir;
}

function judge(selectors: readonly string[], flags: RecordedOnly): void {
  const { format, json } = flags;
  const { trials, agent, reference } = named(selectors, flags);
  const found = contaminationOf(trials, {
    agent,
    ...(reference !== undefined && { reference }),
    canaries: completedCanaries(trials, agent),
  });
  if (found.tasks.length === 0)
    throw new ProctorError(
      'not-found',
      `${agent}: no base task was tried both as published and as an instance; run it with --instances too`,
    );
  if (format === 'markdown' && !json) printText(contaminationMarkdown(found));
  else print(json || format === 'json', found, (style) => renderContamination(found, style));
}

/** The recorded trials, and whom of them the flags mean. Throws `not-found` or `bad-flag`. */
function named(selectors: readonly string[], flags: Pick<RecordedOnly, 'agent' | 'reference' | 'out'>) {
  const trials = recordedTrials(selectors, { out: flags.out, task: [], tag: [], agent: [] });
  const agent = agentIn(trials, '--agent', flags.agent);
  const reference =
    flags.reference === undefined ? undefined : agentIn(trials, '--reference', flags.reference);
  if (agent === reference)
    throw new ProctorError('bad-flag', `--reference ${agent}: expected another agent than --agent`);
  return { trials, agent, reference };
}

/** The id of the agent that is called so. Throws `not-found` or `bad-flag`. */
function agentIn(trials: readonly SetTrial[], flag: string, name: string): string {
  const ids = [...new Set(trials.map(({ agent }) => agent))].sort();
  const meant = ids.includes(name) ? [name] : ids.filter((id) => agentNames(id).includes(name));
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  if (meant.length > 1)
    throw new ProctorError('bad-flag', `${flag} ${name}: could be any of ${meant.join(', ')}`);
  const hint = didYouMean(name, ids.flatMap(agentNames)) || `; there are ${ids.join(', ')}`;
  throw new ProctorError('not-found', `${flag} ${name}: no trial of these runs is of it${hint}`);
}
