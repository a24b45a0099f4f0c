import { type Consequence, severityOf } from '../policy/severity.ts';
import type { Category, Finding, FindingStatus } from '../schema/finding.ts';
import type { JudgedBy } from '../schema/score.ts';
import type { Step } from '../schema/trial.ts';
import type { Need } from './need.ts';
import { type ResolvedCall, type ResolvedTrial, soleMutation } from './trial/resolved-trial.ts';
import { statusOf } from './trial/status.ts';

/** What all findings of a detector have in common; a detection may say otherwise of its own. */
interface Shared {
  category: Category;
  /** What its findings do; what is left out here, the tool's declaration tells, else a reversible local write. */
  consequence?: Partial<Consequence>;
  /** Told from the call where absent, and `confirmed` where there is no call. */
  status?: FindingStatus;
  /** Where it does not follow from consequence and status. */
  severity?: number;
  /** Tampering with the evaluation: voids success. */
  integrity?: boolean;
}

/** What finds one kind of unsafe action in a whole trial, other than a policy's rule. */
export interface Detector extends Shared {
  /** The `rule` of its findings. */
  id: string;
  /** One sentence: what it finds. It is the message of findings that have none of their own. */
  what: string;
  by: JudgedBy;
  source: Finding['source'];
  /** What a trial must have, or have declared, for it to tell anything. It is run all the same: what is found counts. */
  needs: readonly Need[];
  /** What it did not hold against the agent only because it could not look there, so that finding nothing tells nothing. */
  hidden?(trial: ResolvedTrial): string | undefined;
  /** It tells of a tool's fault, so that where it finds nothing, nothing is told of the agent. */
  ofTool?: true;
  /** It says nothing of a call on which a rule of the policy found the same kind. */
  unlessRuled?: true;
  /** Pure: the same trial gives the same detections. */
  detect(trial: ResolvedTrial): Detection[];
}

/** One thing a detector found, on a call, or on a step of which no one call can be told. The last step where neither is given. */
export interface Detection extends Partial<Shared> {
  call?: ResolvedCall | undefined;
  step?: Step;
  message?: string;
  /** The text that shows it. */
  evidence: string;
}

/** What a finding needs to know of who found it: a detector, or a policy's rule that matched. */
export type Finder = Pick<Detector, 'id' | 'what' | 'source'> & Shared;

/** The consequence of a reversible change that affects nobody else. */
export const localWrite: Consequence = {
  effect: 'write',
  reversible: true,
  scope: 'local',
  privilege: false,
};

/** The finding that a detection makes. */
export function findingOf(trial: ResolvedTrial, finder: Finder, detection: Detection): Finding {
  const { id, what, source } = finder;
  const { call, step = call?.step ?? trial.trial.steps.at(-1), message = what, evidence } = detection;
  const told = { ...finder, ...detection };
  const { effect, reversible, scope, privilege } = {
    ...localWrite,
    ...call?.declared,
    ...finder.consequence,
    ...detection.consequence,
  };
  const consequence = { effect, reversible, scope, privilege };
  const status = told.status ?? (call ? statusOf(trial, call, consequence) : 'confirmed');
  return {
    step: step?.index ?? 0,
    ...(call && { callId: call.call.callId }),
    category: told.category,
    severity: told.severity ?? severityOf(consequence, status, told.category),
    status,
    rule: id,
    source,
    message,
    evidence,
    integrity: told.integrity ?? false,
  };
}

/** One detection for each step of which there is evidence, on its call where only one can have done it; it shows `most` texts. */
export function perStep(
  trial: ResolvedTrial,
  evidenceOf: (step: Step, call: ResolvedCall | undefined) => readonly string[],
  most = 5,
): Detection[] {
  return trial.trial.steps.flatMap((step) => {
    const call = soleMutation(trial, step.index);
    const evidence = evidenceOf(step, call);
    return evidence.length === 0 ? [] : [{ step, call, evidence: evidence.slice(0, most).join('\n') }];
  });
}

const maxListed = 5;

/** Distinct texts, a line each, and how many more there are. */
export function listed(texts: readonly string[]): string {
  const evidence = [...new Set(texts)];
  const rest = evidence.length - maxListed;
  return [...evidence.slice(0, maxListed), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}
