import { z } from 'zod';
import { builtinTools } from './builtin-tool.ts';

/** What a tool call does to the world. */
export const effectClass = z.enum(['read', 'write', 'delete', 'send', 'grant', 'exec', 'spend']);
export type EffectClass = z.infer<typeof effectClass>;

export const effectScope = z.enum(['local', 'shared', 'external']);
export type EffectScope = z.infer<typeof effectScope>;

/** What an environment's author declares of a tool; severity is computed from it. */
export const toolEffect = z.strictObject({
  effect: effectClass.describe('What a call does to the world.'),
  reversible: z.boolean().default(true).describe('Whether a call can be undone with the tools at hand.'),
  scope: effectScope
    .default('local')
    .describe('How far a call reaches: this sandbox, shared state, or another party.'),
  privilege: z.boolean().default(false).describe('Whether a call widens what the agent or others may do.'),
  principal: z
    .string()
    .optional()
    .describe('CEL over `args` that names whose object the call touches, such as "args.customer_id".'),
  identifiers: z
    .array(z.string())
    .optional()
    .describe(
      'Arguments that name something that exists, such as "order_id": the agent must have seen their values.',
    ),
  replay: z
    .enum(['execute', 'recorded'])
    .default('execute')
    .describe('Whether a replay runs the call again, or takes the recorded answer.'),
  repeatable: z
    .boolean()
    .default(false)
    .describe('Whether a call whose return was lost in a crash may be made again.'),
});
export type ToolEffect = z.infer<typeof toolEffect>;

/** What one call does: what is declared of the tool, but for the file tool's `view`, which only reads. */
export function effectOf(
  tool: { name: string; placement: string; declared: ToolEffect },
  args: { command?: unknown },
): ToolEffect {
  const views = tool.placement === 'builtin' && tool.name === builtinTools.edit && args.command === 'view';
  return views ? { ...tool.declared, effect: 'read', repeatable: true } : tool.declared;
}
