import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentDecision, DecideOptions } from '../agent/agent.ts';
import { ProctorError } from '../errors.ts';
import type { Decision } from '../schema/decision.ts';
import type { View } from '../schema/view.ts';
import { storeDecision } from '../trace/stored-decision.ts';
import type { Account } from './account.ts';
import { clockOf, idleDecisions, type LiveTrial, spentBy } from './live-trial.ts';
import { recordTools } from './provision.ts';
import type { Decided } from './trial-machine.ts';

/** Reminders that an agent which makes no call gets in a row; then it counts as having given up. */
const maxReminders = 1;

/** Milliseconds that a decision may take to arrive once its last request is paid for and nothing is left for another. */
const lastDecisionMs = 1_000;

/** Asks the agent for its next decision and records it. Throws `budget-spent` where the run has nothing left to pay for it. */
export async function decide(live: LiveTrial, signal: AbortSignal): Promise<Decided> {
  const { recorder, account } = live.parts;
  if (!live.session) throw new Error('the agent is not open');
  const step = recorder.trial.steps.length;
  account.closed.throwIfAborted();
  recordTools(live, step);
  const clock = clockOf(live);
  const [begun, waitedBefore] = [clock.elapsed(), clock.waited()];
  const payment = payFor(account, signal);
  const decision = await payment.until(
    live.session.decide(recorder.view(remaining(live)), {
      signal: payment.signal,
      reserve: () => clock.aside(payment.reserve()),
      waiting: () => clock.stop(),
      asked: (request, appended, conversation) =>
        void recorder.append({
          type: 'agent.asked',
          step,
          request: recorder.bodies.json(request),
          appended,
          ...conversation,
        }),
      answered: ({ answer, ...rest }) =>
        void recorder.append({ type: 'agent.answered', step, ...rest, answer: recorder.bodies.text(answer) }),
    }),
  );
  signal.throwIfAborted();
  recordTools(live, step);
  const waitedMs = clock.waited() - waitedBefore;
  recorder.append({
    type: 'agent.decided',
    step,
    decision: storeDecision(numbered(decision, step), recorder.bodies),
    durationMs: clock.elapsed() - begun,
    ...(waitedMs >= 1 && { waitedMs }),
  });
  const own = step >= (live.plan.inherits?.steps ?? 0);
  if (own) {
    if (!payment.made) account.spend(decision.costUsd ?? 0);
    requireKept(decision, live);
  }
  return { own, gaveUp: gaveUp(decision, live), ...counted(decision, own, live) };
}

/** The payments of one decision, which is no longer waited for where nothing is left and no request is under way. */
function payFor(account: Account, signal: AbortSignal) {
  const ending = new AbortController();
  const underWay = new Set<object>();
  let made = false;
  const end = () => ending.abort(account.closed.reason);
  const closed = () => {
    if (underWay.size === 0) end();
  };
  account.closed.addEventListener('abort', closed);
  return {
    signal: AbortSignal.any([signal, ending.signal]),
    /** Whether any request was made. */
    get made() {
      return made;
    },
    async reserve(): ReturnType<NonNullable<DecideOptions['reserve']>> {
      const settle = await account.reserve(signal);
      made = true;
      const request = {};
      underWay.add(request);
      return (costUsd) => {
        if (!underWay.has(request)) return;
        settle(costUsd);
        underWay.delete(request);
        if (account.closed.aborted && underWay.size === 0)
          void sleep(lastDecisionMs, undefined, { ref: false }).then(end);
      };
    },
    async until(decision: Promise<AgentDecision>): Promise<AgentDecision> {
      const left = new AbortController();
      const ended = once(ending.signal, 'abort', { signal: left.signal }).then(() =>
        ending.signal.throwIfAborted(),
      );
      ended.catch(() => {});
      try {
        await Promise.race([decision, ended]);
        return await decision;
      } catch (error) {
        signal.throwIfAborted();
        throw account.closed.aborted ? account.closed.reason : error;
      } finally {
        left.abort();
        account.closed.removeEventListener('abort', closed);
      }
    },
  };
}

function numbered(decision: AgentDecision, step: number): Decision {
  return {
    ...decision,
    calls: decision.calls.map((call, index) => ({ ...call, callId: `${step}.${index}` })),
  };
}

function gaveUp({ calls, stop }: AgentDecision, live: LiveTrial): boolean {
  if (calls.length > 0 || live.session?.perform) return false;
  return stop === 'done' || stop === 'refused' || idleDecisions(live.parts.recorder.trial) > maxReminders;
}

/** Throws `limit-unkept` where the trial has a limit on what a model's decision does not tell. */
function requireKept({ model, usage, costUsd }: AgentDecision, { plan: { limits, agent } }: LiveTrial): void {
  if (model === undefined) return;
  const unkept =
    usage === undefined && limits.tokens !== undefined
      ? `limit of ${limits.tokens} tokens`
      : costUsd === undefined && limits.cost_usd !== undefined
        ? `limit of $${limits.cost_usd}`
        : undefined;
  if (unkept === undefined) return;
  const why = usage ? `no price of ${model} is known` : 'the endpoint does not say how many tokens it used';
  throw new ProctorError('limit-unkept', `${agent.id}: the ${unkept} can’t be kept: ${why}`);
}

/** What the decision counts against the limits. One that repeats another trial's is free, unless that trial is resumed. */
function counted(
  { usage, costUsd = 0 }: AgentDecision,
  own: boolean,
  { plan }: LiveTrial,
): Pick<Decided, 'tokens' | 'costUsd'> {
  if (!own && !plan.inherits?.counts) return { tokens: 0, costUsd: 0 };
  return { tokens: (usage?.input ?? 0) + (usage?.output ?? 0), costUsd };
}

function remaining(live: LiveTrial): View['remaining'] {
  const { limits } = live.plan;
  const seconds = live.plan.phaseSeconds[live.parts.recorder.trial.phase];
  const { usage, costUsd = 0 } = spentBy(live);
  return {
    ...(limits.steps !== undefined && { steps: limits.steps - live.parts.recorder.trial.steps.length }),
    ...(limits.tokens !== undefined && { tokens: limits.tokens - usage.input - usage.output }),
    ...(limits.cost_usd !== undefined && { costUsd: limits.cost_usd - costUsd }),
    ...(seconds !== undefined && { seconds: Math.max(0, seconds - clockOf(live).elapsed() / 1000) }),
  };
}
