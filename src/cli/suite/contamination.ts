import { agentNames, type SetTrial } from '../../comparison/trial-set.ts';
import { completedCanaries } from '../../contamination/canary.ts';
import { contaminationOf } from '../../contamination/contamination.ts';
import { ProctorError } from '../../errors.ts';
import { contaminationMarkdown, renderContamination } from '../../report/contamination.ts';
import { didYouMean } from '../../schema/nearest.ts';
import { print, printText } from '../print.ts';
import { recordedTrials } from './recorded.ts';

interface ContaminationFlags {
  agent: string;
  reference?: string;
  out: string;
  format: 'text' | 'json' | 'markdown';
  json?: boolean;
}

/** `proctor contamination`: whether an agent knew what is published, by how it does at instances that are not. */
export function contamination(selectors: readonly string[], flags: ContaminationFlags): void {
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
