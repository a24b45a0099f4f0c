import { ProctorError } from '../errors.ts';
import { connectEngine, engineAnswers, requireRuntime } from '../sandbox/docker/engine.ts';
import { dockerProvider } from '../sandbox/docker/provider.ts';
import { embeddedProvider } from '../sandbox/embedded/provider.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import { moduleProvider } from './provider-module.ts';

/** `auto`, `docker`, `embedded`, a name that the project gives, or the path of a module. */
export type SandboxChoice = 'auto' | 'docker' | 'embedded' | (string & {});

/** A provider, and why it was chosen, in words for the user. */
export interface Chosen {
  provider: SandboxProvider;
  why: string;
}

export interface ProviderSettings {
  runId: string;
  poolSize: number;
  keep?: boolean;
  /** Whether embedded sandboxes share threads one after the other: of scripts that are known. */
  keepsThreads?: boolean;
  /** Runtime of the engine; what `PROCTOR_RUNTIME` names when absent. */
  runtime?: string | undefined;
}

/**
 * Picks the sandbox provider. `auto` takes Docker where an engine answers, else the embedded one.
 * Throws what `moduleProvider` throws, `engine-unreachable` where Docker or a runtime was asked for and no engine answers, `bad-flag` where it lacks that runtime.
 */
export async function chooseProvider(
  choice: SandboxChoice | SandboxProvider,
  {
    runId,
    poolSize,
    keep = false,
    keepsThreads = false,
    runtime = process.env.PROCTOR_RUNTIME || undefined,
  }: ProviderSettings,
): Promise<Chosen> {
  if (typeof choice === 'object') return { provider: choice, why: 'handed over' };
  if (choice === 'embedded') return { provider: embeddedProvider({ keepsThreads }), why: 'asked for' };
  if (choice !== 'auto' && choice !== 'docker')
    return { provider: await moduleProvider(choice, { runId, poolSize }), why: 'asked for' };
  const engine = await engineAnswers();
  if (engine.ok) {
    if (runtime !== undefined) await requireRuntime(connectEngine(), runtime);
    return {
      provider: dockerProvider({ runId, poolSize, keep, ...(runtime !== undefined && { runtime }) }),
      why: `engine ${engine.version} answers${runtime === undefined ? '' : `, runtime ${runtime}`}`,
    };
  }
  if (runtime !== undefined)
    throw new ProctorError('engine-unreachable', `runtime ${runtime}: ${engine.reason}`);
  if (choice === 'docker') throw new ProctorError('engine-unreachable', engine.reason);
  return { provider: embeddedProvider({ keepsThreads }), why: 'no Docker engine answers' };
}
