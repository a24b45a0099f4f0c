import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { ProctorError } from '../../../errors.ts';
import type { Dependency } from '../../service.ts';
import type { ServiceContainer } from './container.ts';

const lookMs = 150;
/** Checks of our own while a service starts: the engine makes its first one only after a whole interval. */
const [firstCheckMs, slowdown] = [400, 1.5];
const usualIntervalMs = 30_000;
const usualTimeoutMs = 30_000;
/** Restarts after which a service that was never healthy is given up. */
const maxRestarts = 3;

type State = Docker.ContainerInspectInfo['State'];

/** What is waited for; `settled` is healthy where that can be told, else running or done. */
type Wanted = Dependency['until'] | 'settled';

/** Waits until a started service is what others wait for. Throws `sandbox-failed`, with its name and last lines, where it won't be. */
export async function untilReady(
  service: ServiceContainer,
  until: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const begun = performance.now();
  const { intervalMs = usualIntervalMs, startIntervalMs } = service.service.healthcheck ?? {};
  let pause = firstCheckMs;
  let next = begun + pause;
  for (;;) {
    signal.throwIfAborted();
    const { State, RestartCount, Config } = await service.container.inspect();
    const check = (Config as { Healthcheck?: Docker.HealthConfig }).Healthcheck?.Test ?? [];
    const hasCheck = check.length > 0 && check[0] !== 'NONE';
    if (until === 'healthy' && !hasCheck)
      throw await gaveUp(service, 'is waited for until it is healthy, but has no healthcheck');
    if (isReady(State, until === 'settled' && hasCheck && State.Status !== 'exited' ? 'healthy' : until))
      return;
    const failure = failureOf(State, until, RestartCount);
    if (failure !== undefined) throw await gaveUp(service, failure);
    if (
      (until === 'healthy' || until === 'settled') &&
      hasCheck &&
      State.Running &&
      performance.now() >= next
    ) {
      if (await passes(service, check, signal)) return;
      pause = Math.min(pause * slowdown, startIntervalMs ?? intervalMs);
      next = performance.now() + pause;
    }
    await sleep(lookMs, undefined, { signal });
  }
}

function isReady({ Status, ExitCode, Health }: State, until: Wanted): boolean {
  if (until === 'completed') return Status === 'exited' && ExitCode === 0;
  if (until === 'healthy') return Health?.Status === 'healthy';
  return Status === 'running' || (Status === 'exited' && ExitCode === 0);
}

function failureOf({ Status, ExitCode, Health, OOMKilled }: State, until: Wanted, restarts: number) {
  const memory = OOMKilled ? ', out of memory,' : '';
  if (Status === 'exited' || Status === 'dead') {
    const isEarly = until === 'healthy' && ExitCode === 0;
    if (ExitCode !== 0 || isEarly) return `ended${memory} with exit code ${ExitCode}`;
  }
  if (restarts >= maxRestarts) return `ended again and again${memory}, last with exit code ${ExitCode}`;
  if (Health?.Status === 'unhealthy' && until !== 'completed') {
    const said = Health.Log?.at(-1)?.Output.trim().split('\n').at(-1);
    return `is unhealthy${said ? ` (${said})` : ''}`;
  }
  return undefined;
}

/** Whether a healthcheck passes now. */
async function passes(
  service: ServiceContainer,
  [kind, ...test]: string[],
  signal: AbortSignal,
): Promise<boolean> {
  const command =
    kind === 'CMD-SHELL' ? ['sh', '-c', test.join(' ')] : kind === 'CMD' ? test : [kind ?? '', ...test];
  const exec = await service.container
    .exec({ Cmd: command, AttachStdout: true, AttachStderr: true })
    .catch(() => undefined);
  if (!exec) return false;
  const stream = await exec.start({}).catch(() => undefined);
  if (!stream) return false;
  stream.resume();
  const tooLong = AbortSignal.any([
    signal,
    AbortSignal.timeout(service.service.healthcheck?.timeoutMs ?? usualTimeoutMs),
  ]);
  await new Promise<void>((done) => {
    stream
      .once('end', done)
      .once('close', done)
      .on('error', () => done());
    tooLong.addEventListener('abort', () => {
      stream.destroy();
      done();
    });
  });
  return (await exec.inspect().catch(() => undefined))?.ExitCode === 0;
}

async function gaveUp(service: ServiceContainer, what: string): Promise<ProctorError> {
  const log = (await service.lastLines()).replaceAll(/\s*\n\s*/g, ' | ');
  const name = service.service.name;
  return new ProctorError(
    'sandbox-failed',
    `the service ${name} ${what} before the agent could start; ${log === '' ? 'it printed nothing' : `its last lines: ${log}`}`,
  );
}
