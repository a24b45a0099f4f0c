import type { SideCall } from './decision.ts';

/** A model call beside the decisions, for people. */
export function sideText({ kind, conversation, model, usage }: SideCall): string {
  const tokens = usage ? `${usage.input + usage.output} tokens` : 'tokens not told';
  const what = kind === 'other' ? 'something' : kind;
  return `beside: asked ${model ?? 'a model'} for ${what}, ${tokens} (conversation ${conversation})`;
}
