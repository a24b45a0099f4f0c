import { placeMatcher, recordPlaceOf, type StateKind } from '../../../record/place.ts';
import type { ToolEffect } from '../../../schema/effect.ts';
import { parsePlace, parseTool, wildcard } from '../../../schema/place.ts';
import { sha256Of } from '../../../schema/state.ts';
import type { Step } from '../../../schema/trial.ts';
import { type Effect, effectsOf, stateKind } from '../../trial/effect.ts';
import { callsOf, leavesOf, type ResolvedCall, type ResolvedTrial } from '../../trial/resolved-trial.ts';
import { keptText } from '../../trial/written.ts';

/** A message to somebody else: a call of a tool that sends, or a record or file that was left where messages go. */
export interface Message {
  step: Step;
  call: ResolvedCall | undefined;
  /** Whom it goes to, as far as it says. */
  to: string[];
  text: string;
  /** The call or place, in short. */
  shown: string;
  /** Whether it is known by what was left where messages go. */
  stored: boolean;
  /** Whether it went out; a call that was denied or failed did not. */
  sent: boolean;
}

/** All messages of a trial, in order; made once. Without a declared outbox those of tools that are declared, or guessed, to send. */
export const messagesOf = (trial: ResolvedTrial): readonly Message[] => trial.once(messages);

function messages(trial: ResolvedTrial): Message[] {
  const { outbox } = trial.contract;
  const tools = outbox?.flatMap((one) => parseTool(one) ?? []);
  const stored = (outbox ?? [])
    .filter((one) => parseTool(one) === undefined)
    .flatMap((one) => left(trial, one));
  return trial.trial.steps.flatMap((step) => {
    const calls = callsOf(trial, step.index).flatMap((call) => calledWith(call, tools));
    // What a tool that sends puts into an outbox is the same message.
    const already = calls.filter(({ sent }) => sent).length;
    return [...calls, ...stored.filter((one) => one.step === step).slice(already)];
  });
}

/** The argument that names whose object a tool touches; of a tool that sends, whom it writes to. */
export function recipientArgument({ principal = '' }: ToolEffect): { argument?: string } {
  const argument = /^args\.(\w+)$/.exec(principal)?.[1];
  return argument === undefined ? {} : { argument };
}

function calledWith(call: ResolvedCall, tools: readonly Sender[] | undefined): Message[] {
  const used = tools ? tools.find(({ tool }) => tool === call.call.tool) : senderOf(call);
  if (!used || !call.tried) return [];
  const { argument } = used;
  const to = Object.entries(call.args).flatMap(([name, value]) =>
    (argument === undefined ? named.test(name) : name === argument) ? recipientsIn(value) : [],
  );
  const text = leavesOf(call.args).join('\n');
  return [
    {
      step: call.step,
      call,
      to,
      text,
      shown: `${call.call.tool} ${JSON.stringify(call.args)}`,
      stored: false,
      sent: call.ok,
    },
  ];
}

/** A tool that sends, and the argument that names the recipient. */
type Sender = NonNullable<ReturnType<typeof parseTool>>;

function senderOf({ call: { tool }, declared }: ResolvedCall): Sender | undefined {
  const sends = declared?.effect === 'send' && declared.scope === 'external';
  return sends ? { tool, ...recipientArgument(declared) } : undefined;
}

/** Fields that usually name a recipient. */
const named =
  /^(to|cc|bcc|recipients?|receivers?|addressees?|send_?to|to_(address|email|number|user)|e?mail(_?address)?|phone(_?number)?|channel)$/i;

/** What came to a place of messages. One that was there already counts where it names a recipient anew. */
function left(trial: ResolvedTrial, text: string): Message[] {
  const place = outboxOf(text, stateKind(trial));
  const isMessage = placeMatcher(place.whole);
  const groups = new Map<string, Effect[]>();
  for (const effect of effectsOf(trial)) {
    const { type } = (effect.after ?? {}) as { type?: unknown };
    if (effect.after === undefined || type === 'directory' || !isMessage(effect)) continue;
    const key = `${effect.step.index} ${place.messageOf(effect)}`;
    groups.set(key, [...(groups.get(key) ?? []), effect]);
  }
  return [...groups.values()].flatMap((effects): Message[] => {
    const [first] = effects;
    if (first === undefined) return [];
    const { step, call, op } = first;
    const text = effects.map((one) => textOf(one, trial)).join('\n');
    const to = effects.flatMap((one) =>
      isFile(one)
        ? recipientsOfFile(one.path, text)
        : place.names(fieldOf(one))
          ? recipientsIn(one.after)
          : [],
    );
    if (op === 'changed' && to.length === 0) return [];
    return [
      { step, call, to: [...new Set(to)], text, shown: place.messageOf(first), stored: true, sent: true },
    ];
  });
}

/** What a place of messages means: whole messages, each one's own place, and which fields name its recipient. */
interface Outbox {
  whole: string;
  messageOf(effect: Effect): string;
  names(field: string): boolean;
}

function outboxOf(text: string, kind: StateKind): Outbox {
  const { path, table, key = '*', field } = parsePlace(text);
  const own = kind === 'server' ? /^(.*\/\*)\/([^*/]+)$/.exec(path) : null;
  const names = (name: string) =>
    own ? name === own[2] : field === undefined ? named.test(name) : name === field;
  const whole = own?.[1] ?? (table === undefined ? path : `${path}#${table}/${key}`);
  const parts = whole.split('/');
  const wild = parts.findIndex((part) => part.includes('*'));
  const depth = wild < 0 ? parts.length + 1 : wild + 1;
  return {
    whole,
    names,
    messageOf(effect) {
      if (kind === 'files') return recordPlaceOf(effect, kind);
      return effect.path.split('/').slice(0, depth).join('/');
    },
  };
}

/** The field of a record or an object; of a list in it that of the list. */
function fieldOf({ path, record }: Effect): string {
  return record?.field ?? path.split('/').findLast((part) => !/^\d+$/.test(part)) ?? '';
}

const isFile = ({ after, record }: Effect) => record === undefined && sha256Of(after) !== undefined;

/** What a message says; of a file the lines that were not in it before. */
function textOf(effect: Effect, { bodies }: ResolvedTrial): string {
  if (!isFile(effect)) return leavesOf(effect.after).join('\n');
  const kept = keptText(effect.step, bodies);
  const old = new Set(kept(effect.before)?.split('\n'));
  return (kept(effect.after) ?? '')
    .split('\n')
    .filter((line) => !old.has(line))
    .join('\n');
}

const header = /^(?:to|cc|bcc): *(.+)$/gim;

/** Whom a file is for: by its headers, its fields, or the addresses in its path. */
function recipientsOfFile(path: string, text: string): string[] {
  const headers = [...text.matchAll(header)].flatMap(([, value]) => recipientsIn(value));
  if (headers.length > 0) return headers;
  const fields = [...text.matchAll(/"([a-z_]+)": *"([^"]+)"/gi)].filter(([, name = '']) => named.test(name));
  const found = fields.flatMap(([, , value]) => recipientsIn(value));
  return found.length > 0 ? found : path.split('/').filter((part) => part.includes('@'));
}

/** The recipients that a field names: parts between commas, of `Name <address>` the address. */
function recipientsIn(value: unknown): string[] {
  return leavesOf(value)
    .flatMap((text) => text.split(/[,;]/))
    .map((part) => (/<([^<>]+)>/.exec(part)?.[1] ?? part).trim())
    .filter(Boolean);
}

/** Tells whom a list allows; `*` stands for any text. */
export function allows(list: readonly string[]): (recipient: string) => boolean {
  const patterns = list.map((one) => wildcard(one, 'is'));
  return (recipient) => patterns.some((pattern) => pattern.test(recipient));
}
