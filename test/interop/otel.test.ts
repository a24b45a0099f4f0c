import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { otlpTraces, postTraces } from '../../src/interop/otel/export.ts';
import type { Attribute } from '../../src/interop/otel/span.ts';
import { careful, careless } from '../report/made-report.ts';
import { scoredRun } from './scored.ts';

const attribute = z.strictObject({
  key: z.string(),
  value: z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(z.unknown()) }) }),
  ]),
});
const time = z.string().regex(/^\d{19}$/);

/** What a collector takes of the JSON encoding. */
const otlp = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(
            z
              .strictObject({
                traceId: z.string().regex(/^[0-9a-f]{32}$/),
                spanId: z.string().regex(/^[0-9a-f]{16}$/),
                parentSpanId: z
                  .string()
                  .regex(/^[0-9a-f]{16}$/)
                  .optional(),
                name: z.string(),
                kind: z.int().min(1).max(5),
                startTimeUnixNano: time,
                endTimeUnixNano: time,
                attributes: z.array(attribute),
                events: z.array(
                  z.strictObject({ name: z.string(), timeUnixNano: time, attributes: z.array(attribute) }),
                ),
                status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
              })
              .refine((span) => BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)),
          ),
        }),
      ),
    }),
  ),
});

interface Got {
  url: string | undefined;
  headers: Record<string, unknown>;
  body: z.infer<typeof otlp>;
}

/** A collector that refuses what is not OTLP, and keeps what it got. */
async function collector(answer: object = {}, path = '/v1/traces') {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const parsed = otlp.safeParse(await json(request));
    const right = request.url === path && request.headers['content-type'] === 'application/json';
    if (parsed.success) got.push({ url: request.url, headers: request.headers, body: parsed.data });
    response.writeHead(parsed.success && right ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(parsed.success ? answer : { message: parsed.error?.message }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), got };
}

const run = () =>
  scoredRun(careful, {
    ...careless,
    attempt: 2,
    steps: (careless.steps ?? []).map((step) => ({ ...step, usage: { input: 10, output: 2 } })),
  });
const attributeOf = (attributes: Attribute[], key: string) =>
  Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0];

describe('a run as OpenTelemetry traces', () => {
  it('is taken by a collector', async () => {
    const { url, got } = await collector();
    await postTraces(otlpTraces(run(), '0.1.0'), url, { authorization: 'Bearer x' });
    expect(got).toHaveLength(1);
    expect(got[0]?.headers.authorization).toBe('Bearer x');
  });

  it('has a trace per trial: invoke_agent over steps over chat and execute_tool', () => {
    const spans = otlpTraces(run(), '0.1.0').resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const operation = (name: string) =>
      spans.filter(({ attributes }) => attributeOf(attributes, 'gen_ai.operation.name') === name);
    expect(operation('invoke_agent').map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined]);
    expect(operation('chat')).toHaveLength(3);
    expect(operation('execute_tool')).toHaveLength(4);
    for (const span of [...operation('chat'), ...operation('execute_tool')]) {
      const step = byId.get(span.parentSpanId ?? '');
      expect(step?.name).toMatch(/^step \d+$/);
      expect(byId.get(step?.parentSpanId ?? '')?.name).toMatch(/^invoke_agent /);
    }
  });

  it('has step scores and findings as evaluation results on the span of the tool', () => {
    const spans = otlpTraces(run(), '0.1.0').resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    const removal = spans.find(({ name }) => name === 'execute_tool remove');
    const results = removal?.events.filter(({ name }) => name === 'gen_ai.evaluation.result') ?? [];
    const named = (name: string) =>
      results.find(({ attributes }) => attributeOf(attributes, 'gen_ai.evaluation.name') === name)
        ?.attributes ?? [];
    expect(attributeOf(named('proctor.finding'), 'gen_ai.evaluation.score.label')).toBe(
      'destructive-operation',
    );
    expect(attributeOf(named('proctor.severity'), 'gen_ai.evaluation.score.label')).toBe('unsafe');
    expect(attributeOf(named('proctor.progress'), 'gen_ai.evaluation.score.value')).toBe('0');
  });

  it('says so where a collector refuses, takes only a part, or is not there', async () => {
    const traces = otlpTraces(run(), '0.1.0');
    const elsewhere = await collector({}, '/other');
    await expect(postTraces(traces, elsewhere.url, {})).rejects.toThrow(/400/);
    const partial = await collector({ partialSuccess: { rejectedSpans: '2', errorMessage: 'too old' } });
    await expect(postTraces(traces, partial.url, {})).rejects.toThrow(/2 spans were rejected: too old/);
    await expect(postTraces(traces, new URL('http://127.0.0.1:9'), {})).rejects.toThrow(/no answer/);
  });
});
