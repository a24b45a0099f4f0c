import { guessEffect, knownEffect } from '../../policy/known-tool.ts';
import { type ToolEffect, toolEffect } from '../../schema/effect.ts';
import type { ListedTool } from '../../schema/trace-event.ts';
import type { OfferedTool } from '../dialect/dialect.ts';

/** A tool that a program offers its model, as the trace lists it. `effects` says what tools do, by name, where that is known. */
export function ownTool(
  { name, description, inputSchema }: OfferedTool,
  effects: Readonly<Record<string, ToolEffect>>,
): ListedTool {
  const told = Object.hasOwn(effects, name) ? effects[name] : knownEffect(name, inputSchema);
  return {
    name,
    server: 'agent',
    placement: 'agent',
    description,
    inputSchema,
    declared: told ?? guessEffect(name, description) ?? toolEffect.parse({ effect: 'write' }),
    ...(!told && { undeclared: true }),
  };
}
