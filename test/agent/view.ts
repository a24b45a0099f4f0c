import type { AgentDecision, AgentSession, DecideOptions, TrialBrief } from '../../src/agent/agent.ts';
import type { View, ViewStep } from '../../src/schema/view.ts';

export const brief: TrialBrief = { trial: 't1', task: { name: 'demo', dir: '/nowhere' }, seed: 's' };

export const firstView: View = {
  task: 'demo',
  guidance: 'Be kind.',
  instruction: 'Count the files.',
  tools: [
    { name: 'bash', description: 'Runs a command.', inputSchema: { type: 'object' } },
    { name: 'desk.refund', description: 'Refunds.', inputSchema: { type: 'object' } },
    { name: 'submit', description: 'Ends.', inputSchema: { type: 'object' } },
  ],
  steps: [],
  remaining: {},
};

/** The view after one more decision, its calls answered with these texts. */
export function viewAfter(view: View, decision: AgentDecision, texts: string[], notice?: string): View {
  const calls = decision.calls.map((call, index) => ({ ...call, callId: `${view.steps.length}.${index}` }));
  const observations = texts.map((text, index) => ({
    callId: `${view.steps.length}.${index}`,
    tool: calls[index]?.tool ?? '',
    content: [{ type: 'text' as const, text }],
    isError: false,
  }));
  const step: ViewStep = { decision: { ...decision, calls }, observations, ...(notice && { notice }) };
  return { ...view, steps: [...view.steps, step] };
}

/** Decides without anybody listening or stopping it. */
export function decide(session: AgentSession, view: View, options: Partial<DecideOptions> = {}) {
  return session.decide(view, { signal: new AbortController().signal, asked: () => {}, ...options });
}
