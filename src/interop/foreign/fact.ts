import { z } from 'zod';
import { storedDecision } from '../../schema/decision.ts';
import type { JsonObject } from '../../schema/json.ts';
import {
  listedTool,
  type NewTraceEvent,
  type NewTraceEventOf,
  newTraceEvent,
} from '../../schema/trace-event.ts';
import { upgradeFrom } from '../../trace/upgrade.ts';

/** An event of one of these types; those of older versions, in which records may have been exported, are upgraded. */
const eventOf = <T extends NewTraceEvent['type']>(...types: T[]) =>
  z
    .looseObject({ type: z.string() })
    .transform((event): unknown => upgradeFrom(1)(event as JsonObject))
    .pipe(newTraceEvent)
    .transform((event, context): NewTraceEventOf<T> => {
      if (types.some((type) => type === event.type)) return event as NewTraceEventOf<T>;
      context.addIssue(`expected ${types.join(' or ')}`);
      return z.NEVER;
    });

const probes = ['state.observed', 'milestone.checked', 'canaries.scanned'] as const;

/** What a trace holds of a trial and other formats have no field for. Bodies are inline, whatever their length. */
export const trialFacts = z.strictObject({
  started: eventOf('trial.started'),
  startedAt: z.string(),
  tools: z.array(listedTool),
  formerTools: z.array(listedTool).optional(),
  opened: z.array(eventOf('sandbox.opened')),
  /** The probes' answers before the first step. */
  initial: z.array(eventOf(...probes, 'texts.kept')),
  limit: eventOf('limit.reached').optional(),
  quiesced: eventOf('sandbox.quiesced').optional(),
  verified: z.array(eventOf('verifier.returned')),
  compared: z.array(eventOf('tests.compared')).default([]),
  artifacts: z.array(eventOf('artifact.collected')).default([]),
  notifications: z.array(eventOf('server.notified')).default([]),
  ended: eventOf('trial.ended').optional(),
  endedAt: z.string().optional(),
  /** As judged when it was exported; judged anew when it is read. */
  score: z.unknown().optional(),
});
export type TrialFacts = z.infer<typeof trialFacts>;

export const stepFacts = z.strictObject({
  ...storedDecision.pick({ stop: true, retries: true, wrapped: true }).shape,
  thoughtMs: z.number(),
  /** When the decision was there, ISO 8601. */
  decidedAt: z.string(),
  inherited: z.boolean(),
  probes: z.array(eventOf(...probes)),
  attempts: z.array(eventOf('network.attempted')).default([]),
  /** The instruction of the phase that begins after the step. */
  begins: z.string().optional(),
  finishedAt: z.string().optional(),
  /** As judged when it was exported. */
  score: z.unknown().optional(),
  findings: z.unknown().optional(),
  /** As a judge found them then; absent where none was asked. */
  judgeFindings: z.unknown().optional(),
});
export type StepFacts = z.infer<typeof stepFacts>;

export const callFacts = z.strictObject({
  callId: z.string(),
  providerId: z.string().optional(),
  malformed: z.string().optional(),
  judged: eventOf('policy.judged').optional(),
  /** Absent where it never reached its tool. */
  called: z.strictObject({ at: z.string(), server: z.string() }).optional(),
});
export type CallFacts = z.infer<typeof callFacts>;

export const resultFacts = z.strictObject({
  at: z.string(),
  /** Without content, unless the format can't tell its blocks apart. */
  returned: eventOf('tool.returned'),
});
export type ResultFacts = z.infer<typeof resultFacts>;
