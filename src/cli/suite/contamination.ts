import { agentNames, type SetTrial } from '../../comparison/trial-set.ts';
import { completedCanaries } from '../../contamination/canary.ts';
import { contaminationOf } from '../../contamination/contamination.ts';
import { ProctorError } from '../../errors.ts';
import { freshSeed } from '../../library/instance.ts';
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
}

/** Those that say how trials are run. */
const running = ['attempts', 'concurrency', 'perturb', 'seed', 'maxCost'] as const;

/**
 * `proctor contamination`: whether an agent knew what is published, by how it does at instances that are not: in recorded runs or, with
 * `--instances`, in a run of its own.
 */
export async function contamination(paths: readonly string[], flags: ContaminationFlags): Promise<void> {
  if (flags.instances !== undefined) return judge([await runContrast(paths, flags)], flags);
  const given = running.find((name) => flags[name] !== undefined);
  if (given !== undefined) {
    const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new ProctorError('bad-flag', `--${flag}: only with --instances, which runs what is to be judged`);
  }
  judge(paths, flags);
}

/** Runs tasks as published, fresh variants of them and another form; gives the run's folder. Throws as `proctor run` does. */
async function runContrast(paths: readonly string[], flags: ContaminationFlags): Promise<string> {
  const { agent, reference, format: _, json: __, ...options } = flags;
  const seed = flags.seed ?? freshSeed();
  say(`seed: ${seed}; with --seed ${seed} the same instances are run again`);
  const result = await runSuite(paths, {
    ...options,
    agent: reference === undefined ? agent : [agent, reference],
    perturb: flags.perturb ?? 'wording',
    contrast: true,
    seed,
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
  const { out, format, json } = flags;
  const trials = recordedTrials(selectors, { out, task: [], tag: [], agent: [] });
  const agent = agentIn(trials, '--agent', flags.agent);
  const reference =
    flags.reference === undefined ? undefined : agentIn(trials, '--reference', flags.reference);
  if (agent === reference)
    throw new ProctorError('bad-flag', `--reference ${agent}: expected another agent than --agent`);
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
