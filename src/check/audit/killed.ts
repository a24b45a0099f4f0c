import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { oracleAgent } from '../../agent/oracle.ts';
import type { Environment } from '../../environment/environment.ts';
import { sandboxSpec } from '../../environment/sandbox-spec.ts';
import type { SandboxProvider } from '../../sandbox/sandbox.ts';
import { isUnscored } from '../../schema/score.ts';
import { type CheckedTrial, type CheckParts, runCheckedTrials, type TaskSetup } from '../checked-trial.ts';
import { verdictOf } from '../failures.ts';
import { type AuditLine, flawIf, notLookedAt } from './audit-line.ts';

/** What an audit is given to work with, beyond what proves tasks. */
export interface AuditParts extends CheckParts {
  /** Kills a sandbox from outside, by its id; absent where the provider has nothing that can be killed so. */
  killSandbox?(id: string): Promise<void>;
}

/** One thing that is killed while the reference is played. */
interface Killed {
  what: string;
  trial: CheckedTrial;
}

/** Kills the sandbox, and each host server, while the reference is played: none of that may become a score. */
export async function killedLine(
  setup: TaskSetup,
  oracle: CheckedTrial | undefined,
  parts: AuditParts,
): Promise<AuditLine> {
  if (!oracle) return notLookedAt('killed', 'the reference does not come to its end');
  const killed = [
    ...(await withSandboxKilled(setup, oracle, parts)),
    ...(await withServersKilled(setup, oracle, parts)),
  ];
  if (killed.length === 0)
    return notLookedAt(
      'killed',
      'it has neither a sandbox that can be killed from outside nor a host server',
    );
  const problems = killed.flatMap(({ what, trial }) => {
    const { outcome } = trial.trial;
    const { reward } = trial.score.completion;
    if (outcome === 'infrastructure-error' && isUnscored(reward)) return [];
    return [
      `${what} was killed while the reference was played, and the trial ended as ${outcome} with reward ${JSON.stringify(reward)} (${verdictOf(trial)}): it must be an infrastructure error`,
    ];
  });
  const seen = killed.map(({ what, trial }) => `${what} killed: ${trial.trial.ended?.error?.code}, unscored`);
  return flawIf('killed', problems, [...new Set(seen)].join('; '));
}

/** The sandbox is killed once the first step is over. */
async function withSandboxKilled(
  setup: TaskSetup,
  { trial }: CheckedTrial,
  parts: AuditParts,
): Promise<Killed[]> {
  const { killSandbox } = parts;
  const hasSandbox = sandboxSpec(setup.task, setup.environment, { run: '', trial: '' }) !== undefined;
  if (!killSandbox || !hasSandbox || trial.steps.length < 2) return [];
  let opened: string | undefined;
  const provider: SandboxProvider = {
    ...parts.provider,
    async open(spec, signal) {
      const sandbox = await parts.provider.open(spec, signal);
      opened ??= sandbox.id;
      return sandbox;
    },
  };
  const oracle = oracleAgent();
  const agent = {
    ...oracle,
    open: async (...brief: Parameters<typeof oracle.open>) => {
      const session = await oracle.open(...brief);
      const decide: typeof session.decide = async (view, options) => {
        if (view.steps.length === 1 && opened !== undefined) await killSandbox(opened);
        return session.decide(view, options);
      };
      return { ...session, decide };
    },
  };
  return played('the sandbox', { ...setup, agent }, { ...parts, provider });
}

/** The thread of each host server ends at its second call, or at the only one. */
async function withServersKilled(
  setup: TaskSetup,
  { trial }: CheckedTrial,
  parts: CheckParts,
): Promise<Killed[]> {
  const killed: Killed[] = [];
  for (const server of setup.environment.config.servers) {
    if (server.placement !== 'host') continue;
    const own = trial.tools.filter((tool) => tool.server === server.name).map(({ name }) => name);
    const calls = trial.steps.flatMap((step) => step.calls).filter(({ tool }) => own.includes(tool));
    if (calls.length === 0) continue;
    const environment = dying(setup.environment, server.name, { at: Math.min(2, calls.length), ...parts });
    const one = { ...setup, environment, agent: oracleAgent() };
    killed.push(...(await played(`the server "${server.name}"`, one, parts)));
  }
  return killed;
}

async function played(
  what: string,
  one: Parameters<typeof runCheckedTrials>[0][number],
  parts: CheckParts,
): Promise<Killed[]> {
  const [trial] = await runCheckedTrials([one], { ...parts, times: 1 });
  return trial ? [{ what, trial }] : [];
}

/** An environment one of whose host modules ends its thread at a call. */
function dying(
  environment: Environment,
  name: string,
  { dir, at }: Pick<CheckParts, 'dir'> & { at: number },
): Environment {
  const { config } = environment;
  const servers = config.servers.map((server) => {
    if (server.placement !== 'host' || server.name !== name) return server;
    const module = join(dir, 'dying', `${environment.name}-${name}-${at}.mjs`);
    mkdirSync(join(dir, 'dying'), { recursive: true });
    writeFileSync(module, dyingModule(resolve(environment.dir, server.module), at));
    return { ...server, module };
  });
  return { ...environment, config: { ...config, servers } };
}

const dyingModule = (module: string, at: number) => `import make from ${JSON.stringify(module)};
export default async (context) => {
  const server = await make(context);
  let left = ${at};
  const dies = (tool) => ({ ...tool, call: (...given) => (--left > 0 ? tool.call(...given) : process.exit(1)) });
  return { ...server, tools: server.tools.map(dies) };
};
`;
