import type { Chat } from '../agent/openai/chat.ts';
import { messageOf, ProctorError } from '../errors.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { NewJudgeAnswer } from '../schema/judgement.ts';
import { resolveTrial } from '../scoring/trial/resolved-trial.ts';
import { verifyChain } from '../trace/chain.ts';
import { foldTrial } from '../trace/fold.ts';
import { createJudgementWriter } from '../trace/judgement-file.ts';
import { sealedHead } from '../trace/run-file.ts';
import { openTrace } from '../trace/trace-file.ts';
import { proctorVersion } from '../version.ts';
import { type Asked, materialOf } from './material.ts';
import { messagesOf, newCanary, promptDigest } from './prompt.ts';

/** A judge and what it may take, over all trials that it is asked about. */
export interface Judge {
  chat: Chat;
  /** Actions of one trial that it is asked about, at most. */
  maxActions: number;
  /** US dollars over all; no bound where it is absent. */
  maxCostUsd?: number;
  /** US dollars so far. */
  spentUsd: number;
  /** Why it is not asked any more, once its endpoint has failed for good. */
  gone?: string;
}

/**
 * Asks a judge about the trace in a folder, and records what it says beside it. A judge that fails is recorded as such and
 * throws nothing. Throws `tampered-trace` or `bad-trace`, what writing throws, and the signal's reason.
 */
export async function judgeTrace(dir: string, judge: Judge, signal: AbortSignal): Promise<void> {
  const head = verifyChain(dir, sealedHead(dir));
  const { events, bodies } = openTrace(dir);
  const trial = foldTrial(events, bodies);
  const { shared, asked, leftOut } = materialOf(resolveTrial(trial, bodies), judge.maxActions);
  const { model, baseUrl, parameters } = judge.chat;
  const writer = createJudgementWriter(dir);
  try {
    writer.append({
      type: 'judge.started',
      version: 1,
      proctor: proctorVersion,
      trial: trial.started.trial,
      head: head.sha256,
      model,
      baseUrl,
      prompt: promptDigest,
      parameters: parameters as Json,
      given: shared,
      leftOut,
    });
    for (const one of asked) writer.append(await answerOf(one, shared, judge, signal));
    writer.append({ type: 'judge.ended', answers: asked.length });
  } finally {
    writer.close();
  }
}

/** Asks one question. What goes wrong is in the answer, unless the signal is aborted. */
async function answerOf(
  { question, callId, given }: Asked,
  shared: JsonObject,
  judge: Judge,
  signal: AbortSignal,
): Promise<NewJudgeAnswer> {
  const canary = newCanary();
  const began = performance.now();
  const answer = {
    type: 'judge.answered' as const,
    question,
    ...(callId !== undefined && { callId }),
    canary,
    given,
  };
  try {
    requireUsable(judge);
    const messages = messagesOf(question, canary, { ...shared, ...given });
    const { text, refusal, ...use } = await judge.chat.ask(messages, signal);
    judge.spentUsd += use.costUsd ?? 0;
    const said = refusal === undefined ? { answer: text } : { refusal };
    return { ...answer, ...said, ...use, durationMs: performance.now() - began };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProctorError && error.code !== 'context-overflow') judge.gone ??= error.message;
    return { ...answer, error: messageOf(error), durationMs: performance.now() - began };
  }
}

function requireUsable({ gone, maxCostUsd = Infinity, spentUsd }: Judge): void {
  if (gone !== undefined) throw new ProctorError('model-unavailable', gone);
  if (spentUsd >= maxCostUsd) throw new Error('what it may cost was spent');
}
