import { isJsonObject, type Json, type JsonObject, parseJsonObject } from '../../schema/json.ts';

/** A call as far as it has come. */
export interface WrittenCall {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  extra: JsonObject;
  /** Its arguments are any text. */
  custom?: true;
}

/** Adds what one chunk holds of calls, or all calls of a whole message. */
export function addCalls(calls: WrittenCall[], parts: readonly Json[], whole: boolean): void {
  for (const [position, raw] of parts.entries()) {
    if (!isJsonObject(raw)) continue;
    const part = partOf(raw, parts.length > 1 ? position : undefined);
    const begun = whole ? undefined : begunBy(part, calls);
    if (begun) continueCall(begun, part);
    else if (part.name !== '' || part.arguments !== '') calls.push(part);
  }
}

function partOf(raw: JsonObject, position: number | undefined): WrittenCall {
  const custom = isJsonObject(raw.custom) ? raw.custom : undefined;
  const called = custom ?? (isJsonObject(raw.function) ? raw.function : {});
  const args = custom ? custom.input : called.arguments;
  return {
    index: typeof raw.index === 'number' ? raw.index : position,
    id: typeof raw.id === 'string' ? raw.id : '',
    name: typeof called.name === 'string' ? called.name : '',
    arguments: typeof args === 'string' ? args : args == null ? '' : JSON.stringify(args),
    extra: raw.extra_content === undefined ? {} : { extra_content: raw.extra_content },
    ...(custom && { custom: true as const }),
  };
}

/**
 * The call that a part continues. Servers leave indexes out or give all calls the same one, leave ids empty, give them anew with every
 * part or to all calls alike, and repeat names: a part with a name begins another call where the one before is whole or has another id.
 */
function begunBy(part: WrittenCall, calls: readonly WrittenCall[]): WrittenCall | undefined {
  const byId = part.id === '' ? undefined : calls.findLast(({ id }) => id === part.id);
  const begun =
    part.index !== undefined
      ? calls.findLast(({ index }) => index === part.index)
      : (byId ?? (part.id === '' || part.name === '' ? calls.at(-1) : undefined));
  if (!begun || part.name === '') return begun;
  if (part.id !== '' && begun.id !== '' && part.id !== begun.id) return undefined;
  if (part.name !== begun.name) return part.id !== '' && begun.arguments === '' ? begun : undefined;
  if (begun.arguments === '') return begun;
  const isRepeated = part.id !== '' && part.arguments === begun.arguments;
  return isRepeated || parseJsonObject(begun.arguments) === undefined || part.arguments === ''
    ? begun
    : undefined;
}

function continueCall(call: WrittenCall, part: WrittenCall): void {
  call.id ||= part.id;
  const isRepeated = part.name !== '' && part.name === call.name;
  if (!isRepeated) call.name += part.name;
  if (!(isRepeated && part.arguments === call.arguments)) call.arguments += part.arguments;
  Object.assign(call.extra, part.extra);
}
