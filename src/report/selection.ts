import { isAlarm } from '../scoring/unsafe.ts';
import type { StepDocument } from './step-document.ts';

/** Which steps of a trial are shown: those that fit every filter given. */
export interface Selection {
  /** This one only. */
  step?: number;
  /** With a call that failed or was denied. */
  failed?: boolean;
  /** With findings of severity 1 and above. */
  findings?: boolean;
  /** With text, arguments or output that match. */
  grep?: RegExp;
}

export function selectSteps(steps: readonly StepDocument[], selection: Selection): StepDocument[] {
  const { step, failed, findings, grep } = selection;
  return steps
    .filter((one) => step === undefined || one.step === step)
    .filter(({ labels }) => !failed || labels.includes('error') || labels.includes('denied'))
    .filter((one) => !findings || one.findings.some(isAlarm))
    .filter((one) => !grep || textsOf(one).some((text) => text.search(grep) >= 0));
}

function textsOf({ text, reasoning, calls, notice }: StepDocument): string[] {
  const ofCalls = calls.flatMap(({ tool, arguments: args, malformed, result }) => [
    tool,
    JSON.stringify(args),
    malformed ?? '',
    result?.text ?? '',
  ]);
  return [text ?? '', reasoning ?? '', notice ?? '', ...ofCalls];
}
