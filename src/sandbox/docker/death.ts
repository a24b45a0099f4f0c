import type Docker from 'dockerode';
import { ProctorError } from '../../errors.ts';
import { engineError } from './engine.ts';

/**
 * Why a container's main process is no more, as an error. What nobody inside can do is not by the agent and `sandbox-lost`: the engine was
 * told to kill or remove it; else it is `sandbox-broken`. `engine-unreachable` where no engine can be asked.
 */
export async function deathOf(
  docker: Docker,
  container: Docker.Container,
  name: string,
): Promise<ProctorError> {
  const lost = (how: string) =>
    new ProctorError('sandbox-lost', `Sandbox ${name} is dead: ${how} from outside.`);
  const broken = (how: string) => new ProctorError('sandbox-broken', `Sandbox ${name} is dead: ${how}.`);
  try {
    const { State } = await container.inspect();
    if (State.OOMKilled) return broken('it ran out of memory');
    if (await wasKilled(docker, name, State.FinishedAt)) return lost('it was killed');
    return broken(
      `its main process ended with exit code ${State.ExitCode}${State.Error ? ` (${State.Error})` : ''}`,
    );
  } catch (error) {
    const { statusCode } = (error ?? {}) as { statusCode?: number };
    return statusCode === 404
      ? lost('it was removed')
      : engineError(error, 'sandbox-lost', `Sandbox ${name} is dead, and the engine does not say why`);
  }
}

/** Whether the engine was told to send a signal to it before its end, by the engine's own clock; no where it has no record of that. */
async function wasKilled(docker: Docker, name: string, finishedAt: string): Promise<boolean> {
  const until = Math.ceil(Date.parse(finishedAt) / 1000) + 1;
  if (!(until > 1)) return false;
  const filters = { container: [name], event: ['kill'] };
  const events = await docker.getEvents({ since: 1, until, filters }).catch(() => undefined);
  for await (const chunk of events ?? []) if (String(chunk).trim() !== '') return true;
  return false;
}
