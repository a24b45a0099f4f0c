import { ProctorError } from '../errors.ts';
import { engineAnswers } from '../sandbox/docker/engine.ts';
import { dockerProvider } from '../sandbox/docker/provider.ts';
import { embeddedProvider } from '../sandbox/embedded/provider.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';

export type SandboxChoice = 'auto' | 'docker' | 'embedded';

/** A provider, and why it was chosen, in words for the user. */
export interface Chosen {
  provider: SandboxProvider;
  why: string;
}

/**
 * Picks the sandbox provider. `auto` takes Docker where an engine answers, else the embedded one.
 * Throws `engine-unreachable` where Docker was asked for and no engine answers.
 */
export async function chooseProvider(
  choice: SandboxChoice,
  { runId, poolSize, keep = false }: { runId: string; poolSize: number; keep?: boolean },
): Promise<Chosen> {
  if (choice === 'embedded') return { provider: embeddedProvider(), why: 'asked for' };
  const engine = await engineAnswers();
  if (engine.ok)
    return { provider: dockerProvider({ runId, poolSize, keep }), why: `engine ${engine.version} answers` };
  if (choice === 'docker') throw new ProctorError('engine-unreachable', engine.reason);
  return { provider: embeddedProvider(), why: 'no Docker engine answers' };
}
