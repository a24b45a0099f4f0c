import { messageOf, ProctorError } from '../../errors.ts';
import type { ScoredRun } from '../scored-trial.ts';
import { attributes, type OtlpTraces } from './span.ts';
import { trialSpans } from './trial-spans.ts';

/** A run as one OTLP trace request; each trial is a trace of its own. */
export function otlpTraces({ trials }: ScoredRun, proctor: string): OtlpTraces {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'proctor', 'service.version': proctor }) },
        scopeSpans: [{ scope: { name: 'proctor', version: proctor }, spans: trials.flatMap(trialSpans) }],
      },
    ],
  };
}

const timeoutMs = 30_000;

/** Posts traces to an OTLP/HTTP endpoint; `/v1/traces` is added to a bare address. Throws `endpoint-failed`. */
export async function postTraces(
  traces: OtlpTraces,
  endpoint: URL,
  headers: Record<string, string>,
): Promise<void> {
  const url = new URL(endpoint);
  if (!url.pathname.endsWith('/v1/traces')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(traces),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause) => {
    const why = cause instanceof Error && cause.cause ? cause.cause : cause;
    throw new ProctorError('endpoint-failed', `${url}: no answer: ${messageOf(why)}`, { cause });
  });
  const answer = await response.text();
  if (!response.ok) {
    throw new ProctorError('endpoint-failed', `${url}: ${response.status} ${answer.slice(0, 200)}`);
  }
  const rejected = rejectedSpans(answer);
  if (rejected !== undefined) throw new ProctorError('endpoint-failed', `${url}: ${rejected}`);
}

/** OTLP's partial success: some spans were not taken. */
function rejectedSpans(answer: string): string | undefined {
  try {
    const { partialSuccess } = JSON.parse(answer) as {
      partialSuccess?: { rejectedSpans?: string | number; errorMessage?: string };
    };
    const count = Number(partialSuccess?.rejectedSpans ?? 0);
    return count > 0 ? `${count} spans were rejected: ${partialSuccess?.errorMessage ?? ''}` : undefined;
  } catch {
    return undefined;
  }
}
