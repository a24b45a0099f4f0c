import { isDeepStrictEqual } from 'node:util';
import { ProctorError } from '../errors.ts';
import type { OpenToolbox } from '../orchestrator/plan.ts';
import type { JsonObject } from '../schema/json.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import type { Call } from '../schema/trial.ts';
import { notCalled, type Toolbox, type ToolResult } from '../tool/toolbox.ts';
import { type BoundIds, contentInReplay } from './bound-ids.ts';
import type { Recording } from './recording.ts';

export interface Repeating {
  /** How many steps are repeated; later calls are made. */
  steps: number;
  /** Whether an agent continues after them, who may need every server. */
  goesOn: boolean;
}

/**
 * Opens toolboxes that answer from the record where a tool is declared so, and make every other call again. A call that the record
 * does not hold throws `diverged`. Servers that only the record speaks for are not connected to.
 *
 * A call whose return was lost in a crash is made again where its world is built anew or its tool is declared repeatable;
 * else it is answered as interrupted.
 */
export function recordedToolbox(
  recording: Recording,
  open: OpenToolbox,
  repeating: Repeating & { ids: Pick<BoundIds, 'inReplay'> },
): OpenToolbox {
  return async (trial) => {
    const unneeded = repeating.goesOn ? new Set<string>() : recordedServers(recording.trial.tools);
    const toolbox = await open({ ...trial, plan: without(trial.plan, unneeded, recording.trial.tools) });
    const absent = recording.trial.tools.filter((tool) => unneeded.has(tool.server));
    return answering(toolbox, absent, recording, repeating);
  };
}

function answering(
  toolbox: Toolbox,
  absent: ListedTool[],
  { trial, bodies }: Recording,
  { steps, ids }: { steps: number; ids: Pick<BoundIds, 'inReplay'> },
): Toolbox {
  const made = trial.steps.slice(0, steps).flatMap((step) => step.calls.filter(({ called }) => called));
  const list = () => [...toolbox.list(), ...absent];
  let next = 0;
  return {
    ...toolbox,
    list,
    async call(name, args, options) {
      const call = made[next++];
      const listed = list().find((tool) => tool.name === name);
      const fromRecord = listed?.declared.replay === 'recorded';
      if (next > made.length || !fromRecord) return toolbox.call(name, args, options);
      const recorded = call && JSON.parse(ids.inReplay(bodies.text(call.arguments)));
      if (call === undefined || call.tool !== name || !isDeepStrictEqual(recorded, args))
        throw new ProctorError(
          'diverged',
          `the record holds no such call of ${name}, which can’t be made again`,
        );
      if (call.returned) return answerOf(call, bodies, ids);
      return listed.declared.repeatable ? toolbox.call(name, args, options) : interrupted(name);
    },
  };
}

function answerOf(
  { returned }: Call,
  bodies: Recording['bodies'],
  ids: Pick<BoundIds, 'inReplay'>,
): ToolResult {
  if (!returned) throw new Error('a call without a return');
  const { content, structured, isError, errorClass, captureCut, durationMs } = returned;
  return {
    content: contentInReplay(bodies.content(content), ids),
    ...(structured !== undefined && { structured: bodies.json(structured) as JsonObject }),
    isError,
    ...(errorClass && { errorClass }),
    source: 'record',
    captureCut,
    durationMs,
  };
}

function interrupted(tool: string): ToolResult {
  return notCalled(
    'interrupted',
    `"${tool}" was called, but its answer was lost in an interruption; whether it was carried out is not known.`,
  );
}

/** Remote servers whose every tool answers from the record, and goes by its own name. */
function recordedServers(tools: readonly ListedTool[]): Set<string> {
  const remote = tools.filter(({ placement }) => placement === 'remote');
  const executed = new Set(
    remote
      .filter(({ name, server, declared }) => declared.replay === 'execute' || name.startsWith(`${server}__`))
      .map(({ server }) => server),
  );
  return new Set(remote.map(({ server }) => server).filter((server) => !executed.has(server)));
}

type Plan = Parameters<OpenToolbox>[0]['plan'];

function without(plan: Plan, servers: ReadonlySet<string>, tools: readonly ListedTool[]): Plan {
  if (servers.size === 0) return plan;
  const { config } = plan.environment;
  const ofServers = tools.filter(({ server }) => servers.has(server)).map(({ name }) => name);
  const unlisted = new Set([...ofServers, ...config.hide]);
  const left = {
    ...config,
    servers: config.servers.filter(({ name }) => !servers.has(name)),
    hide: [],
    tools: Object.fromEntries(Object.entries(config.tools).filter(([name]) => !unlisted.has(name))),
  };
  return { ...plan, environment: { ...plan.environment, config: left } };
}
