import type { JsonObject } from '../../schema/json.ts';
import { readArguments } from '../model/written-arguments.ts';
import type { AnsweredCall } from './dialect.ts';
import { textIn } from './field.ts';

/** Ids that are each there once: one that is missing or comes again is made of its place. */
export function placedIds(ids: readonly string[]): string[] {
  const used = new Set<string>();
  return ids.map((own, place) => {
    let id = own === '' || used.has(own) ? `call_${place}` : own;
    while (used.has(id)) id += '_';
    used.add(id);
    return id;
  });
}

/** A call as a protocol writes it: with arguments as JSON text, or as any text, which is the argument `input`. */
export const callOf = (
  providerId: string,
  { name, arguments: text, custom }: { name: string; arguments: string; custom?: true },
): AnsweredCall =>
  custom
    ? { providerId, tool: name, arguments: { input: text }, kind: 'custom' }
    : { providerId, tool: name, ...readArguments(text) };

/** Arguments of a call as JSON text, or as the text that they hold. */
export const writtenArguments = (args: JsonObject, kind: string | undefined): string =>
  kind === 'custom' ? textIn(args.input) : JSON.stringify(args);
