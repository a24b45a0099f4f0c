import type { JsonObject } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import type { AgentDecision, AgentSession, DecideOptions, TrialBrief } from '../agent.ts';

/** What an agent module is told of its trial. */
export interface ModuleBrief extends TrialBrief {
  /** Those of `--agent-arg`. */
  arguments: JsonObject;
}

type Awaitable<T> = T | Promise<T>;

/** What a function that is an agent is given beside the view. */
export interface AgentContext extends DecideOptions, Pick<ModuleBrief, 'trial' | 'seed' | 'arguments'> {}

/** An agent that is one function: the next decision of the trial so far. */
export type AgentFunction = (view: View, context: AgentContext) => Awaitable<AgentDecision>;

/** An agent that opens a session for each trial. `Agent` is one; what identifies it is taken from the command line. */
export interface AgentObject {
  check?(tasks: readonly TrialBrief['task'][]): Awaitable<void>;
  open(brief: ModuleBrief): Awaitable<Pick<AgentSession, 'decide'> & Partial<Pick<AgentSession, 'close'>>>;
}

/** What the default export of an agent module is. */
export type AgentModule = AgentFunction | AgentObject;
