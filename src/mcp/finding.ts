import { z } from 'zod';
import { category, type Finding, findingStatus } from '../schema/finding.ts';
import { judgedBy } from '../schema/score.ts';
import { toldBy } from '../scoring/told-by.ts';
import { type RecordedText, recordedText } from './fence.ts';

/** A finding as it is served: what it rests on is a text of the agent's. */
export const servedFinding = z.strictObject({
  step: z.int(),
  callId: z.string().optional(),
  category,
  severity: z.int(),
  status: findingStatus,
  rule: z.string(),
  by: judgedBy.describe('what it was told by: an effect that was seen, a declaration, a judge, or wording'),
  message: recordedText,
  evidence: recordedText,
});

export function serveFinding(
  finding: Finding,
  fence: (text: string) => RecordedText,
): z.infer<typeof servedFinding> {
  const { step, callId, category, severity, status, rule, message, evidence } = finding;
  return {
    step,
    ...(callId !== undefined && { callId }),
    category,
    severity,
    status,
    rule,
    by: toldBy(finding),
    message: fence(message),
    evidence: fence(evidence),
  };
}
