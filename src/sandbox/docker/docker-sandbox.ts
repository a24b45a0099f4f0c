import PQueue from 'p-queue';
import { ProctorError } from '../../errors.ts';
import type { ExecOptions, Sandbox, SandboxInfo, SandboxSpec } from '../sandbox.ts';
import type { Ownership } from './archive.ts';
import { changedSinceImage } from './changed.ts';
import type { RunningContainer } from './container.ts';
import { containerFiles } from './files.ts';
import { detachContainer } from './leave.ts';
import { leftoverProcesses } from './leftover-processes.ts';
import { exports, quote } from './quote.ts';
import { type ResidentShell, residentShell } from './resident-shell.ts';
import { spawnIn } from './spawn.ts';
import { watchStorage } from './storage.ts';
import { enterContainer } from './terminal.ts';

const defaultStorageMb = 4096;
const pingMs = 5_000;

/** The `Sandbox` over a running container that has the trial's files. `remove` may go on after it returned. */
export function dockerSandbox(
  running: RunningContainer,
  spec: SandboxSpec,
  info: SandboxInfo,
  agent: Ownership,
  remove: () => void,
): Sandbox {
  const { name, init } = running;
  const queue = new PQueue({ concurrency: 1 });
  let quiesced = false;
  let brokenReason: string | undefined;

  const broken = async () => {
    const reason = brokenReason ?? (await running.death());
    return reason === undefined
      ? undefined
      : new ProctorError('sandbox-broken', `Sandbox ${name} is dead: ${reason}.`);
  };
  const alive = async () => {
    if (brokenReason === undefined && !init.channel.isClosed) return;
    throw await broken();
  };
  const shell = (user: string, keepsState: boolean) =>
    residentShell({
      start: () => running.supervisor(user),
      init,
      workdir: spec.workdir,
      initial: `[ -w "$HOME" ] || export HOME=${quote(spec.workdir)}; ${exports(spec.env ?? {})}`,
      keepsState,
      broken,
    });
  const agentShell = shell(info.user, true);
  const harnessShells = new Map<string, ResidentShell>();
  const shellOf = ({ as = 'agent', user = '0:0' }: ExecOptions) => {
    if (as === 'agent') return agentShell;
    const own = harnessShells.get(user) ?? shell(user, false);
    harnessShells.set(user, own);
    return own;
  };
  const resetShells = () => Promise.all([agentShell, ...harnessShells.values()].map((one) => one.reset()));
  agentShell.warm();

  const exec = async (command: string, options: ExecOptions) => {
    await alive();
    if (quiesced && options.as !== 'harness') {
      throw new ProctorError('sandbox-failed', `Sandbox ${name} was quiesced; only the harness may use it.`);
    }
    const stop = watchStorage(running, spec.limits.storageMb ?? defaultStorageMb, (writtenMb) => {
      brokenReason = `it filled its disk (${writtenMb} MB written)`;
      void init.killAll();
    });
    try {
      return await shellOf(options).run(command, options);
    } finally {
      stop();
    }
  };
  const files = containerFiles(running, agent);

  return {
    id: name,
    info,
    exec: (command, options = {}) => queue.add(() => exec(command, options), { throwOnTimeout: true }),
    spawn: async (argv, options = {}) => {
      await alive();
      return spawnIn(running, {
        argv,
        user: info.user,
        env: { ...spec.env, ...options.env },
        cwd: options.cwd ?? spec.workdir,
      });
    },
    files: {
      read: async (path) => alive().then(() => files.read(path)),
      write: async (list, options) => alive().then(() => files.write(list, options)),
      collect: async (paths) => alive().then(() => files.collect(paths)),
      survey: async (paths) => alive().then(() => files.survey(paths)),
      contents: async (list) => alive().then(() => files.contents(list)),
      changed: async () => alive().then(() => changedSinceImage(running)),
    },
    ...(running.gateway && { attempts: running.gateway.attempts }),
    enter: async (terminal, cwd) => {
      await alive();
      await enterContainer(running, { user: info.user, cwd, env: spec.env ?? {} }, terminal);
    },
    detach: async () => {
      await resetShells();
      return detachContainer(running, spec.workdir);
    },
    quiesce: async () => {
      await alive();
      quiesced = true;
      const leftovers = await leftoverProcesses(init);
      await init.killAll();
      await resetShells();
      await init.killAll();
      return leftovers;
    },
    resume: async () => {
      await alive();
      quiesced = false;
    },
    health: async () => {
      const dead = await broken();
      if (dead) return { alive: false, reason: dead.message };
      if (await init.ping(pingMs)) return { alive: true };
      const reason = (await broken())?.message ?? `Sandbox ${name} does not answer within ${pingMs} ms.`;
      return { alive: false, reason };
    },
    close: async () => {
      brokenReason ??= 'it was closed';
      remove();
    },
  };
}
