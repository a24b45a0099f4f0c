import { type Contract, mergeContracts } from '../../schema/contract.ts';
import type { Declaration, DeclaredTrial } from '../../schema/declaration.ts';
import type { TrialFacts } from './fact.ts';
import type { Declared, ForeignTrial } from './foreign-trial.ts';

/** A record with what is declared of all of them and of it alone, which goes before what it says itself. */
export function withDeclared(foreign: ForeignTrial, base: Declared, declaration: Declaration): ForeignTrial {
  const own = declaration.trials.filter((one) => isMeant(one, foreign));
  const all = [declaration, ...own];
  const last = <K extends keyof DeclaredTrial & keyof Declaration>(key: K): Declaration[K] | undefined =>
    all.findLast((one) => one[key] !== undefined)?.[key] as Declaration[K] | undefined;
  const contract = mergeContracts([base.started.contract, ...all.map((one) => one.contract)]);
  const canaries = all.flatMap((one) => one.canaries);
  const injections = [...(base.started.injections ?? []), ...all.flatMap((one) => one.injections)];
  const reward = last('reward');
  const rewards = last('rewards') ?? (reward === undefined ? undefined : { reward });
  const principal = last('principal') ?? base.started.principal;
  const agent = last('agent');
  const task = last('task') ?? base.task.name;
  return {
    ...foreign,
    ...present({
      task,
      attempt: last('attempt'),
      costUsd: last('cost_usd'),
      startedAt: last('started_at'),
      endedAt: last('ended_at'),
      outcome: last('outcome'),
      usage: usageOf(last('input_tokens'), last('output_tokens'), last('cached_tokens')),
      agent: agent === undefined ? undefined : { name: agent, ...present({ model: foreign.agent.model }) },
    }),
    ...(foreign.facts && {
      facts: { ...foreign.facts, started: renamed(foreign.facts.started, task, agent) },
    }),
    declared: {
      tools: { ...base.tools, ...declaration.tools },
      task: base.task,
      started: {
        ...base.started,
        ...(canaries.length > 0 && { canaries }),
        ...(injections.length > 0 && { injections }),
        ...present({ principal, contract: hasParts(contract) ? contract : undefined }),
      },
      ...present({ rewards }),
    },
  };
}

/** Whether a declared trial is this one, by the name or id that its record has. */
export function isMeant(
  { trial }: Pick<DeclaredTrial, 'trial'>,
  { task, id, attempt = 1 }: ForeignTrial,
): boolean {
  return trial === task || trial === id || trial === `${task}#${attempt}`;
}

function renamed(started: TrialFacts['started'], task?: string, agent?: string): TrialFacts['started'] {
  return {
    ...started,
    task: { ...started.task, name: task ?? started.task.name },
    agent: { ...started.agent, id: agent ?? started.agent.id },
  };
}

function usageOf(input?: number, output?: number, cached?: number): ForeignTrial['usage'] {
  if (input === undefined && output === undefined) return undefined;
  return { input: input ?? 0, output: output ?? 0, ...present({ cached }) };
}

const hasParts = (contract: Contract) => Object.keys(contract).length > 0;

/** The fields that are there. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
