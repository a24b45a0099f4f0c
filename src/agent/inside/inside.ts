import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ProctorError } from '../../errors.ts';
import type { ToolEffect } from '../../schema/effect.ts';
import type { View } from '../../schema/view.ts';
import type { Agent, RecordedStart, Room, TrialBrief } from '../agent.ts';
import { filledIn } from '../command-words.ts';
import type { ModelSource } from '../dialect/model-source.ts';
import { recordedSource } from '../dialect/recorded.ts';
import { type Prices, priceOf } from '../model/price.ts';
import { openDoor } from './door.ts';
import { startInside } from './program.ts';
import { InsideSession } from './session.ts';

export interface InsideOptions {
  /** As the user named it, such as `inside:mini`. */
  id: string;
  /** Words as a shell splits them, with the placeholders below. */
  command: string;
  /** Variables of the program, with placeholders. */
  variables: Readonly<Record<string, string>>;
  /** Files by path, with placeholders in both. */
  files: Readonly<Record<string, string>>;
  /** What its tools do, by name, where it is known. */
  effects: Readonly<Record<string, ToolEffect>>;
  /** Programs that it starts for itself beside its calls. */
  helpers: readonly string[];
  /** Megabytes that it may take beside what the task's sandbox may. */
  memoryMb: number;
  model: string;
  /** Of the files that say what the program is. */
  digest?: string;
  /** A folder with a Dockerfile that installs the program over a task's image. */
  layer?: string;
  prices: Prices;
  /** Milliseconds that the program may do without its model, where the trial has no limit on time. */
  patienceMs: number;
  /** Who answers its model calls. */
  source(): ModelSource;
  /** Fails early where its model can't be asked. */
  check?(): Promise<void>;
}

/** Where the program has its own files: outside of what a task looks at. */
const home = '/agent-home';

/** The port of the sandbox's loopback at which its model is asked: the same in every trial, so that one can be executed again. */
const modelPort = 41414;

/** A program that runs in the task's sandbox with tools of its own; what its model answers is decided, judged and recorded first. */
export function insideAgent(options: InsideOptions): Agent {
  return {
    id: options.id,
    model: options.model,
    inside: true,
    ...(options.digest !== undefined && { digest: options.digest }),
    ...(options.layer !== undefined && { layer: options.layer }),
    ...(options.memoryMb > 0 && { memoryMb: options.memoryMb }),
    ...(options.helpers.length > 0 && { helpers: options.helpers }),
    ...(!priceOf(options.model, options.prices) && { unpriced: options.model }),
    check: async () => options.check?.(),
    from: (start) => insideAgent(repeating(options, start)),
    open: (brief, room) => openInside(options, brief, room),
  };
}

/** The same program, whose model calls are answered from a record, and then, where it goes on, by its model. */
function repeating(options: InsideOptions, { exchanges, steps, differs }: RecordedStart): InsideOptions {
  const { check: _, ...rest } = options;
  const source = () =>
    recordedSource({
      exchanges,
      differs,
      ...(steps !== undefined && {
        beside: ['model'],
        after: { source: options.source(), fromStep: steps },
      }),
    });
  return steps === undefined ? { ...rest, source } : { ...options, source };
}

/** The same when a trial is executed again, and nothing by which its seed could be told. */
const tokenOf = ({ seed }: TrialBrief) =>
  `sk-proctor-${createHash('sha256').update(`model token of ${seed}`).digest('hex').slice(0, 32)}`;

async function openInside(options: InsideOptions, brief: TrialBrief, room: Room | undefined) {
  if (!room?.listen)
    throw new ProctorError('unsupported', `${options.id} needs a sandbox in which programs can listen`);
  const token = tokenOf(brief);
  const source = options.source();
  let port = modelPort;
  const session = new InsideSession({
    source,
    prices: options.prices,
    effects: options.effects,
    patienceMs: options.patienceMs,
    start: (view) => start(options, room, view, { token, port }),
  });
  const door = openDoor({ token, asked: session.arrive, tooLarge: session.tooLarge, plain: session.plain });
  const listener = await room.listen(modelPort, door.connect);
  port = listener.port;
  session.opened(door, listener);
  return session;
}

async function start(
  options: InsideOptions,
  room: Room,
  view: View,
  { token, port }: { token: string; port: number },
) {
  const task = view.steps.findLast(({ begins }) => begins !== undefined)?.begins ?? view.instruction;
  const instruction = [view.guidance, task].filter((text) => text !== undefined).join('\n\n');
  const origin = `http://127.0.0.1:${port}`;
  const placeholders = {
    model: options.model,
    model_url: `${origin}/v1`,
    model_origin: origin,
    token,
    home,
    instruction,
    instruction_file: posix.join(home, 'instruction.md'),
  };
  const filled = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([name, text]): [string, string] => [
      filledIn(name, placeholders),
      filledIn(text, placeholders),
    ]);
  const files = [[placeholders.instruction_file, instruction] as const, ...filled(options.files)];
  await room.files.write(files.map(([path, text]) => ({ path, content: Buffer.from(text) })));
  const env = {
    HOME: home,
    OPENAI_BASE_URL: placeholders.model_url,
    OPENAI_API_KEY: token,
    ANTHROPIC_BASE_URL: origin,
    ANTHROPIC_API_KEY: token,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
    ...Object.fromEntries(filled(options.variables)),
  };
  return startInside(room, options.command, { placeholders, env });
}
