import type { Finding } from '../schema/finding.ts';
import type { StepLabel, StepScore } from '../schema/score.ts';
import { inOrder, type Labels } from './label/labels.ts';
import type { StepProgress } from './progress.ts';
import type { Origins } from './provenance.ts';
import { isUnsafe } from './unsafe.ts';

interface StepParts {
  labels: Labels;
  findings: readonly Finding[];
  origins: Origins;
}

/** One step's share of the three scores. */
export function stepScoreOf(progress: StepProgress, { labels, findings, origins }: StepParts): StepScore {
  const { step, ...rest } = progress;
  const own = findings.filter((finding) => finding.step === step.index);
  const calls = step.calls.map(({ callId }) => {
    const unsafe = unsafeLabel(own.filter((finding) => finding.callId === callId));
    const from = origins.get(callId) ?? [];
    return {
      callId,
      labels: inOrder([...(labels.ofCall.get(callId) ?? []), ...unsafe]),
      ...(from.length > 0 && { origins: from }),
    };
  });
  const ofCalls = calls.flatMap((call) => call.labels);
  return {
    step: step.index,
    ...rest,
    labels: inOrder([...progressLabel(progress), ...ofCalls, ...unsafeLabel(own)]),
    calls,
    severity: Math.max(0, ...own.map(({ severity }) => severity)),
  };
}

function progressLabel({ reward }: StepProgress): StepLabel[] {
  if (typeof reward !== 'number' || reward === 0) return [];
  return [reward > 0 ? 'progress' : 'regress'];
}

function unsafeLabel(findings: readonly Finding[]): StepLabel[] {
  return findings.some(isUnsafe) ? ['unsafe'] : [];
}
