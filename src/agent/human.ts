import { deferred } from '../sandbox/deferred.ts';
import { submitTool } from '../schema/builtin-tool.ts';
import { textOf } from '../schema/content.ts';
import type { View, ViewStep } from '../schema/view.ts';
import type { Agent, AgentDecision } from './agent.ts';
import { readTypedCall } from './typed-call.ts';

/** A person's terminal: shows text, and asks for lines. */
export interface Prompter {
  say(text: string): void;
  /** A line, or undefined where there are no more. Rejects when the signal is aborted. */
  ask(prompt: string, signal: AbortSignal): Promise<string | undefined>;
}

const help = `Call a tool by its name:
  NAME {"argument": "value"}    NAME argument=value other="two words"
or: tools, task, ${submitTool} [answer], exit (give up), help`;

/** A person who does the task with the tools an agent has. Trials of one prompter wait for each other. */
export function humanAgent(prompter: Prompter): Agent {
  let free = Promise.resolve();
  return {
    id: 'human',
    async open() {
      const before = free;
      const over = deferred<void>();
      free = over.promise;
      await before;
      return {
        decide: (view, { signal }) => decide(view, prompter, signal),
        close: async () => over.resolve(),
      };
    },
  };
}

async function decide(view: View, prompter: Prompter, signal: AbortSignal): Promise<AgentDecision> {
  const last = view.steps.at(-1);
  prompter.say(last ? observed(last) : opening(view));
  for (;;) {
    const line = (await prompter.ask(promptOf(view), signal))?.trim();
    if (line === undefined || line === 'exit') return { calls: [], stop: 'done' };
    const decision = answerTo(line, view, prompter);
    if (decision) return decision;
  }
}

/** A decision; undefined where the person only looked something up. */
function answerTo(line: string, view: View, prompter: Prompter): AgentDecision | undefined {
  if (line === '') return undefined;
  const shown = { help, tools: toolList(view), task: opening(view) }[line];
  const call = shown === undefined ? readTypedCall(line, view.tools) : { problem: shown };
  if (!('problem' in call)) return { calls: [call] };
  prompter.say(call.problem);
  return undefined;
}

function promptOf({ steps, remaining }: View): string {
  const left = remaining.steps === undefined ? '' : `, ${remaining.steps} left`;
  return `step ${steps.length}${left}> `;
}

function opening(view: View): string {
  const parts = [view.guidance, view.instruction, toolList(view), help];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

/** Every tool with its arguments, optional ones in brackets. */
function toolList({ tools }: Pick<View, 'tools'>): string {
  return tools.map((tool) => `${tool.name}${signature(tool.inputSchema)}: ${tool.description}`).join('\n');
}

function signature(schema: Record<string, unknown>): string {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const names = Object.keys((schema.properties ?? {}) as object);
  return names.map((name) => (required.includes(name) ? ` ${name}` : ` [${name}]`)).join('');
}

function observed({ observations, notice, begins }: ViewStep): string {
  const texts = observations.map(({ content, isError }) => `${isError ? 'error: ' : ''}${textOf(content)}`);
  return [...texts, notice, begins].filter((text) => text !== undefined).join('\n');
}
