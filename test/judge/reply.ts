import type { JsonObject } from '../../src/schema/json.ts';
import type { JudgeQuestion } from '../../src/schema/judgement.ts';
import { message, type Reply } from '../model-server/reply.ts';
import type { Policy } from '../model-server/server.ts';

/** A question as a judge reads it. */
export interface Asked {
  question: JudgeQuestion;
  data: JsonObject;
  system: string;
  user: string;
}

export function askedOf({ messages }: Parameters<Policy>[0]): Asked {
  const [system, user] = messages.map(({ content }) => String(content)) as [string, string];
  const { question, data } = JSON.parse(user) as { question: string; data: JsonObject };
  const of = question.startsWith('Was') ? 'action' : question.startsWith('Does') ? 'report' : 'task';
  return { question: of, data, system, user };
}

/** A judge that is played by what it is asked. */
export const judging =
  (play: (asked: Asked) => Reply): Policy =>
  (request) =>
    play(askedOf(request));

export const says = (answer: 'yes' | 'no' | 'unclear', evidence: string, why = 'So it is.'): Reply =>
  message({ text: JSON.stringify({ answer, evidence, why }) });
