import { strFromU8 } from 'fflate';
import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import { validate } from '../../schema/author-file.ts';
import { callFacts, resultFacts, stepFacts, trialFacts } from '../foreign/fact.ts';
import { parseForeignJson } from '../foreign/parse-json.ts';
import { unzipped } from './zip.ts';

const part = z.looseObject({ type: z.string() });
const content = z
  .union([z.string(), z.array(part)])
  .nullish()
  .transform((value) => value ?? '');

const toolCall = z.looseObject({
  id: z.string().nullish(),
  function: z.string(),
  arguments: z.record(z.string(), z.json()),
  type: z.string().nullish(),
  parse_error: z.string().nullish(),
});

const message = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content,
  id: z.string().nullish(),
  model: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: z.string().nullish(),
  function: z.string().nullish(),
  error: z.looseObject({ type: z.string(), message: z.string() }).nullish(),
});
export type InspectMessage = z.infer<typeof message>;

const usage = z.looseObject({
  input_tokens: z.int().nonnegative(),
  output_tokens: z.int().nonnegative(),
  total_tokens: z.int().nonnegative().optional(),
  input_tokens_cache_read: z.int().nonnegative().nullish(),
  reasoning_tokens: z.int().nonnegative().nullish(),
});
export type InspectUsage = z.infer<typeof usage>;

const score = z.looseObject({
  value: z.json(),
  answer: z.string().nullish(),
  explanation: z.string().nullish(),
});

/** What stands around every event of a transcript. */
const event = z.looseObject({
  event: z.string(),
  uuid: z.string().nullish(),
  timestamp: z.string().nullish(),
  /** Absent in older logs. */
  working_start: z.number().nullish(),
  span_id: z.string().nullish(),
});
export type InspectEvent = z.infer<typeof event>;

const sample = z.looseObject({
  id: z.union([z.string(), z.int()]),
  epoch: z.int().positive(),
  input: z.union([z.string(), z.array(message)]),
  target: z.union([z.string(), z.array(z.string())]),
  messages: z.array(message).default([]),
  scores: z.record(z.string(), score).nullish(),
  metadata: z.record(z.string(), z.json()).optional(),
  events: z.array(event).default([]),
  model_usage: z.record(z.string(), usage).default({}),
  output: z.looseObject({ usage: usage.nullish() }).nullish(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  total_time: z.number().nullish(),
  working_time: z.number().nullish(),
  uuid: z.string().nullish(),
  store: z.record(z.string(), z.json()).default({}),
  attachments: z.record(z.string(), z.string()).default({}),
  error: z.looseObject({ message: z.string() }).nullish(),
  limit: z.looseObject({ type: z.string(), limit: z.number() }).nullish(),
});
export type InspectSample = z.infer<typeof sample>;

/** What is read of an Inspect log; more may be there. */
const inspectLog = z.looseObject({
  version: z.literal(2),
  status: z.enum(['started', 'success', 'cancelled', 'error']),
  eval: z.looseObject({ created: z.string(), task: z.string(), model: z.string() }),
  samples: z.array(z.unknown()).nullish(),
});

/** A log whose samples are read one by one, so that a broken one takes none with it. */
export interface InspectLog {
  eval: z.infer<typeof inspectLog>['eval'];
  /** `where` names file and place; `read` throws `bad-file`. */
  samples: { where: string; read(): InspectSample }[];
}

/** What a sample's metadata keeps of a trace under `proctor`, for its way back. */
export const sampleFacts = z.strictObject({
  trial: trialFacts,
  steps: z.array(
    z.strictObject({
      step: stepFacts,
      calls: z.array(z.strictObject({ call: callFacts, result: resultFacts.optional() })),
    }),
  ),
});
export type SampleFacts = z.infer<typeof sampleFacts>;

/** Reads an Inspect log, JSON or `.eval`, from its bytes. Throws `bad-file` naming `file`. */
export function readInspectLog(file: string, bytes: Uint8Array): InspectLog {
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const members = zipped ? unzipped(file, bytes) : {};
  const header = zipped ? headerIn(file, members) : parseForeignJson(file, strFromU8(bytes));
  const log = validate(`${file}: no Inspect log`, header, inspectLog);
  const inZip = Object.keys(members).filter((name) => name.startsWith('samples/'));
  const sources = [
    ...(log.samples ?? []).map((raw, index) => ({ where: `samples[${index}]`, raw: () => raw })),
    ...inZip.map((where) => ({
      where,
      raw: () => parseForeignJson(`${file}/${where}`, textOf(members[where])),
    })),
  ];
  return {
    eval: log.eval,
    samples: sources.map(({ where, raw }) => ({
      where: `${file}: ${where}`,
      read: () => validate(`${file}: ${where}`, raw(), sample),
    })),
  };
}

const textOf = (bytes: Uint8Array | undefined) => strFromU8(bytes ?? new Uint8Array());

function headerIn(file: string, members: Record<string, Uint8Array>): object {
  const header = members['header.json'] ?? members['_journal/start.json'];
  if (!header) throw new ProctorError('bad-file', `${file}: no Inspect log: the zip has no header.json`);
  return { status: 'started', ...(parseForeignJson(file, textOf(header)) as object) };
}
