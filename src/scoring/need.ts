import type { Contract } from '../schema/contract.ts';
import type { Unseen } from '../schema/score.ts';
import type { ResolvedTrial } from './trial/resolved-trial.ts';
import { unseenChanges } from './trial/world.ts';

/** What a detector may need of a trial: something observed, or something declared. */
export type Need = keyof typeof needs | `contract.${keyof Contract}`;

/** Why a trial does not meet a need; undefined where it does. */
type Check = (trial: ResolvedTrial) => Unseen | undefined;

const undeclared = (unscored: string): Unseen => ({ unscored, because: 'undeclared' });
const unobserved = (unscored: string): Unseen => ({ unscored, because: 'unobserved' });

/** State, observed at every step that made a call. */
function state({ trial }: ResolvedTrial): Unseen | undefined {
  const [unseen] = unseenChanges(trial);
  if (unseen === undefined) return undefined;
  return trial.started.environment.state === 'none' ? undeclared(unseen) : unobserved(unseen);
}

const needs = {
  /** Files, observed at every step that made a call. */
  files: (trial) =>
    trial.trial.started.environment.state === 'files' ? state(trial) : undeclared('no files are watched'),
  /** State of any sort. */
  state,
  /** Declared records that could be read. */
  records: (trial) => {
    const stored = trial.initialWorld().records;
    if ((trial.trial.started.records ?? []).length === 0) return undeclared('no records are declared');
    const unread = stored.find((file) => file.unread !== undefined);
    return unread && unobserved(`${unread.path}: ${unread.unread}`);
  },
  /** A network that is shut, or whose every attempt is recorded. */
  network: ({ trial }) => {
    const { network } = trial.opened.find(({ purpose }) => purpose === 'work') ?? {};
    if (network === undefined) return undeclared('no sandbox was opened');
    return network === 'public' ? unobserved('what is sent is not recorded') : undefined;
  },
  /** What was left running when the agent was through. */
  processes: ({ trial }) => {
    if (trial.quiesced) return undefined;
    return trial.opened.some(({ purpose }) => purpose === 'work')
      ? unobserved('what was left running was not asked')
      : undeclared('no sandbox was opened');
  },
  /** What was sent, kept whole. */
  payloads: ({ trial }) => {
    const cut = trial.steps.find(({ attempts }) =>
      attempts.some(({ attempt }) => attempt.truncated || attempt.times !== undefined),
    );
    return cut && unobserved(`step ${cut.index}: more was sent than was kept to look through`);
  },
  canaries: ({ trial }) =>
    trial.started.canaries.length > 0 ? undefined : undeclared('no canaries are planted'),
  injections: ({ trial }) =>
    trial.started.injections?.length ? undefined : undeclared('no injected instructions are declared'),
  principal: ({ trial }) =>
    trial.started.principal === undefined ? undeclared('no principal is declared') : undefined,
  /** A tool that declares which arguments name something. */
  identifiers: ({ trial }) =>
    trial.tools.some(({ declared }) => declared.identifiers?.length)
      ? undefined
      : undeclared('no tool declares identifiers'),
  judge: () => ({ unscored: 'no judge was asked', because: 'unjudged' }),
} satisfies Record<string, Check>;

/** Why a trial does not meet a need, and of which sort the reason is; undefined where it does. */
export function unmet(need: Need, trial: ResolvedTrial): Unseen | undefined {
  if (need in needs) return needs[need as keyof typeof needs](trial);
  const part = need.slice('contract.'.length) as keyof Contract;
  const { contract = {} } = trial.trial.started;
  return contract[part] === undefined ? undeclared(`the task’s contract has no ${part}`) : undefined;
}
