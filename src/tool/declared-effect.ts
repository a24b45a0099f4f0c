import { builtinTools } from '../schema/builtin-tool.ts';
import { type ToolEffect, toolEffect } from '../schema/effect.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import type { Tool } from './mcp.ts';

const builtinEffects: Record<string, ToolEffect> = {
  [builtinTools.bash]: toolEffect.parse({ effect: 'exec', reversible: false }),
  [builtinTools.edit]: toolEffect.parse({ effect: 'write' }),
  [builtinTools.submit]: toolEffect.parse({ effect: 'read', repeatable: true }),
};

/**
 * What a tool does where its environment does not say: known for built-ins, else taken from the hints of its server.
 * A tool without hints is taken to write, reversibly; a replay does not repeat calls to remote servers that may write.
 */
export function defaultEffect(tool: Tool, placement: ListedTool['placement']): ToolEffect {
  const builtin = placement === 'builtin' ? builtinEffects[tool.name] : undefined;
  if (builtin) return builtin;
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool.annotations ?? {};
  const reads = readOnlyHint === true;
  const deletes = !reads && destructiveHint === true;
  return toolEffect.parse({
    effect: reads ? 'read' : deletes ? 'delete' : 'write',
    reversible: !deletes,
    scope: openWorldHint === true ? 'external' : 'local',
    replay: placement === 'remote' && !reads ? 'recorded' : 'execute',
    repeatable: reads || idempotentHint === true,
  });
}
