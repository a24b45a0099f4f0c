import type { Content } from './content.ts';
import type { Decision } from './decision.ts';

/** A tool as an agent sees it. */
export interface ToolDescription {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: Record<string, unknown>;
}

/** What came back for one call, as the agent is shown it. */
export interface Observation {
  callId: string;
  tool: string;
  content: Content[];
  isError: boolean;
}

export interface ViewStep {
  decision: Decision;
  observations: Observation[];
  /** What the harness said after the step. */
  notice?: string;
  /** The instruction of the phase that begins after the step. */
  begins?: string;
}

/** A trial so far, as its agent may see it: never probes, milestones, findings or the reference. */
export interface View {
  task: string;
  /** The environment's written guidance, such as a back office's policy. */
  guidance?: string;
  instruction: string;
  tools: ToolDescription[];
  steps: ViewStep[];
  /** What is left; absent where there is no limit. */
  remaining: { steps?: number; tokens?: number; costUsd?: number; seconds?: number };
}
