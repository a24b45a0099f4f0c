import { isDeepStrictEqual } from 'node:util';
import type { AgentDecision } from '../agent/agent.ts';
import type { RecordedTrial } from '../agent/recorded.ts';
import { type Content, textOf } from '../schema/content.ts';
import type { Call } from '../schema/trial.ts';
import { type MadeUpIds, madeUpIdMask, madeUpIds } from './made-up-id.ts';
import { type Mask, masksBetween, type Sides, type TimedSides } from './mask.ts';

/** The ids that servers made up, learned step by step as a replay goes on. */
export interface BoundIds extends Pick<MadeUpIds, 'inReplay' | 'asRecorded'> {
  /** Takes what servers answered in the first `steps` steps. */
  follow(steps: number): void;
  /** Takes ids from texts of the state after a step. */
  learnFromState(step: number, texts: Sides<string>): void;
}

/** Whether a call went to a server rather than to Proctor's own tools, whose ids come from commands of the agent. */
function isServers({ trial }: RecordedTrial, { tool }: Call): boolean {
  const listed = [...trial.tools, ...(trial.formerTools ?? [])].find(({ name }) => name === tool);
  return listed !== undefined && listed.placement !== 'builtin';
}

export function boundIds({ recorded, replayed }: Sides<RecordedTrial>): BoundIds {
  const ids = madeUpIds();
  let followed = 0;
  /** What the agents wrote up to a call, and what the recorded one did after it. */
  const wordsAt = (step: number, index: number) => {
    const until = (record: RecordedTrial) =>
      argumentsOf(record, (at, call) => at < step || (at === step && call <= index));
    const before = [until(recorded), until(replayed)].join('\n');
    const after = argumentsOf(recorded, (at, call) => at > step || (at === step && call > index));
    return {
      wasKnown: (word: string) => before.includes(word),
      isUsed: (word: string) => after.includes(word),
    };
  };
  const followStep = (step: number) => {
    const again = replayed.trial.steps[step];
    for (const [index, call] of (recorded.trial.steps[step]?.calls ?? []).entries()) {
      const [then, now] = [call.returned, again?.calls[index]?.returned];
      if (!then || !now || !isServers(recorded, call)) continue;
      const text = (record: RecordedTrial, { content }: typeof then) =>
        textOf(record.bodies.content(content));
      ids.learn({ recorded: text(recorded, then), replayed: text(replayed, now) }, wordsAt(step, index));
    }
  };
  return {
    inReplay: ids.inReplay,
    asRecorded: ids.asRecorded,
    follow(steps) {
      for (; followed < steps; followed++) followStep(followed);
    },
    learnFromState(step, texts) {
      const calls = recorded.trial.steps[step]?.calls ?? [];
      if (calls.length > 0 && calls.every((call) => isServers(recorded, call)))
        ids.learn(texts, wordsAt(step, calls.length - 1));
    },
  };
}

/** The masks that make two texts the same, once what servers made up goes by the same names; undefined where none do. */
export function masksAndIdsBetween(
  sides: TimedSides<string>,
  args: string,
  masks: readonly Mask[],
  { asRecorded }: Pick<BoundIds, 'asRecorded'>,
): string[] | undefined {
  const replayed = asRecorded(sides.replayed);
  const needed = masksBetween({ ...sides, replayed }, args, masks);
  return needed && replayed !== sides.replayed ? [madeUpIdMask, ...needed] : needed;
}

/** The arguments of all calls that are wanted, as one text. */
function argumentsOf(
  { trial, bodies }: RecordedTrial,
  isWanted: (step: number, call: number) => boolean,
): string {
  return trial.steps
    .flatMap(({ index, calls }) => calls.filter((_, call) => isWanted(index, call)))
    .map((call) => bodies.text(call.arguments))
    .join('\n');
}

/** A recorded decision with the ids of the replay. What only its maker reads is left out where it would name others. */
export function decisionInReplay(
  decision: AgentDecision,
  { inReplay }: Pick<BoundIds, 'inReplay'>,
): AgentDecision {
  const { native: _, ...rest } = decision;
  const { text, reasoning, calls } = rest;
  const now = {
    ...rest,
    ...(text !== undefined && { text: inReplay(text) }),
    ...(reasoning !== undefined && { reasoning: inReplay(reasoning) }),
    calls: calls.map((call) => ({
      ...call,
      arguments: inReplay(call.arguments),
      ...(call.exact !== undefined && { exact: inReplay(call.exact) }),
      ...(call.malformed !== undefined && { malformed: inReplay(call.malformed) }),
    })),
  };
  return isDeepStrictEqual(now, rest) ? decision : now;
}

/** Content of a record with the ids of the replay. */
export function contentInReplay(blocks: Content[], { inReplay }: Pick<BoundIds, 'inReplay'>): Content[] {
  return blocks.map((block) => (block.type === 'text' ? { ...block, text: inReplay(block.text) } : block));
}
