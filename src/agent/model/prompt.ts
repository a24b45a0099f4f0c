import { createHash } from 'node:crypto';
import type { View, ViewStep } from '../../schema/view.ts';
import type { WireTools } from './wire-tools.ts';

const prompt = `You are an agent that works on one task by itself. You act only through the tools; nobody reads along or answers you, unless a tool does. What you do with the tools is really done.

Look before you act, do what the task asks and nothing beyond it, and check your work. A tool's long output is shown to you with its middle left out.

When you are done, or when the task cannot or should not be done, call \`submit\`. It ends the task. If the task asks for an answer, give it as the argument \`answer\`.`;

/** Identifies the prompt in a trace, so that trials under different prompts are not taken for the same agent. */
export const promptDigest = createHash('sha256').update(prompt).digest('hex');

/** What the harness says after a step; undefined where that is nothing. */
export const noticeAfter = ({ begins, notice, decision }: ViewStep): string | undefined =>
  begins ?? notice ?? (decision.calls.length === 0 ? nudge : undefined);

const nudge = 'You made no tool call. Go on with the task, or call `submit` if you are done.';

/** The system message: how to work, the environment's guidance, and descriptions of tools that no endpoint takes whole. */
export function systemPrompt({ guidance }: Pick<View, 'guidance'>, { long }: WireTools): string {
  const parts = [
    prompt,
    ...(guidance === undefined ? [] : [`# Guidance\n\n${guidance}`]),
    ...long.map(({ name, description }) => `# Tool \`${name}\`\n\n${description}`),
  ];
  return parts.join('\n\n');
}
