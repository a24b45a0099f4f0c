import PQueue from 'p-queue';
import { ProctorError } from '../../errors.ts';
import type { ExecOptions, ExecResult, Sandbox, SandboxInfo, SandboxSpec } from '../sandbox.ts';
import { shellWordOnOneLine } from '../shell-word.ts';
import type { Ownership } from './archive.ts';
import type { RunningContainer } from './container.ts';
import { watchDisk } from './disk.ts';
import { containerFiles } from './files.ts';
import { leftoverProcesses } from './leftover-processes.ts';
import type { ProgramWatch } from './program-watch.ts';
import type { Relay } from './relay.ts';
import { ResidentShell } from './resident-shell.ts';
import { withServiceFiles } from './service/files.ts';
import { exportCommands } from './shell-script.ts';
import { spawnIn } from './spawned-process.ts';
import { enterContainer } from './terminal.ts';
import type { WatchContainer } from './watch-container.ts';

const defaultStorageMb = 4096;
const pingTimeoutMs = 5_000;
const root = '0:0';

export interface DockerSandboxParts {
  /** Has the trial's files already. */
  running: RunningContainer;
  spec: SandboxSpec;
  info: SandboxInfo;
  agent: Ownership;
  /** Whether it can be left running when this process ends. */
  canDetach: boolean;
  /** Removes the container; may go on after it returned. */
  remove(): void;
  /** Opens what listens in the network of a container; absent where the runtime does not let it be shared. */
  openRelay: ((network: string) => Promise<Relay>) | undefined;
  /** Opens what watches the programs of a namespace of processes; absent where the runtime does not let them be watched. */
  openWatch: ((namespace: string) => Promise<WatchContainer>) | undefined;
  /** Opens one of the same kind that no agent was in, to tell whose failure something is. */
  untouched?(): Promise<Sandbox>;
}

/** Characters of an engine's error, which may hold a path of any length, that are passed on. */
const maxReason = 300;

/** A sandbox in a running container: open, quiesced (the harness's commands only), or broken for a reason. */
export class DockerSandbox implements Sandbox {
  readonly id: string;
  readonly info: SandboxInfo;
  readonly attempts?: NonNullable<Sandbox['attempts']>;
  readonly listen?: NonNullable<Sandbox['listen']>;
  readonly watchPrograms?: NonNullable<Sandbox['watchPrograms']>;
  readonly startedPrograms?: NonNullable<Sandbox['startedPrograms']>;
  readonly serviceTroubles?: NonNullable<Sandbox['serviceTroubles']>;
  readonly detach?: NonNullable<Sandbox['detach']>;
  readonly #parts: DockerSandboxParts;
  readonly #running: RunningContainer;
  readonly #files: Sandbox['files'];
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #agentShell: ResidentShell;
  /** By the user they run as. */
  readonly #harnessShells = new Map<string, ResidentShell>();
  #watch: ProgramWatch | undefined;
  #isQuiesced = false;
  #brokenReason: string | undefined;

  constructor(parts: DockerSandboxParts) {
    const { running, info, agent, canDetach, openRelay, openWatch } = parts;
    this.#parts = parts;
    this.#running = running;
    this.id = running.name;
    this.info = info;
    const { gateway, services } = running;
    const files = containerFiles(running, agent);
    this.#files = services ? withServiceFiles(files, (name) => services.service(name)) : files;
    this.#agentShell = this.#newShell(info.user, true);
    this.#agentShell.warm();
    if (services) this.serviceTroubles = () => services.troubles();
    if (gateway) this.attempts = () => gateway.attempts();
    if (openRelay)
      this.listen = async (port, onConnection) => {
        await this.#requireAlive();
        return (await running.relay(openRelay)).link.listen(port, onConnection);
      };
    if (openWatch) {
      this.watchPrograms = async () => {
        this.#watch = (await running.watch(openWatch)).watch;
      };
      this.startedPrograms = async () => this.#watch?.started();
    }
    if (canDetach) this.detach = () => this.#detach();
  }

  readonly exec: Sandbox['exec'] = (command, options = {}) =>
    this.#queue.add(() => this.#execNow(command, options), { throwOnTimeout: true });

  readonly spawn: Sandbox['spawn'] = async (
    argv,
    { env, cwd = this.#parts.spec.workdir, watched = false } = {},
  ) => {
    await this.#requireAlive();
    if (watched) this.#watch?.expect();
    const request = { argv, user: this.info.user, env: { ...this.#parts.spec.env, ...env }, cwd };
    const started = await spawnIn(this.#running, request, (pid) => watched && this.#watch?.follow(pid));
    if (watched) void started.exited.then(this.#watchDisk());
    return started;
  };

  readonly files: Sandbox['files'] = {
    read: (path) => this.#requireAlive().then(() => this.#files.read(path)),
    write: (files, options) =>
      this.#look(
        () => this.#files.write(files, options),
        (other) => other.files.write(files, options),
      ),
    collect: (paths) =>
      this.#look(
        () => this.#files.collect(paths),
        (other) => other.files.collect(paths),
      ),
    survey: (paths) =>
      this.#look(
        () => this.#files.survey(paths),
        (other) => other.files.survey(paths),
      ),
    changedRights: (before, after) => this.#files.changedRights?.(before, after) ?? [],
    contents: (files) => this.#requireAlive().then(() => this.#files.contents(files)),
    changed: () =>
      this.#look(
        () => this.#running.changes(),
        async (other) => other.files.changed?.(),
      ),
  };

  readonly enter: NonNullable<Sandbox['enter']> = async (terminal, cwd) => {
    await this.#requireAlive();
    await enterContainer(
      this.#running,
      { user: this.info.user, cwd, env: this.#parts.spec.env ?? {} },
      terminal,
    );
  };

  readonly quiesce: Sandbox['quiesce'] = async ({ spares = false } = {}) => {
    await this.#requireAlive();
    this.#isQuiesced = true;
    const { init } = this.#running;
    const leftovers = await leftoverProcesses(init);
    if (spares) return leftovers;
    await init.killAll();
    await this.#resetShells();
    await init.killAll();
    return leftovers;
  };

  readonly resume: Sandbox['resume'] = async () => {
    await this.#requireAlive();
    this.#isQuiesced = false;
  };

  readonly health: Sandbox['health'] = async () => {
    const broken = await this.#broken();
    if (broken) return { alive: false, reason: broken.message };
    if (await this.#running.init.ping(pingTimeoutMs)) return { alive: true };
    const silent = `Sandbox ${this.id} does not answer within ${pingTimeoutMs} ms.`;
    return { alive: false, reason: (await this.#broken())?.message ?? silent };
  };

  readonly close: Sandbox['close'] = async () => {
    this.#brokenReason ??= 'it was closed';
    this.#parts.remove();
  };

  async #execNow(command: string, options: ExecOptions): Promise<ExecResult> {
    await this.#requireAlive();
    if (this.#isQuiesced && options.as !== 'harness') {
      const message = `Sandbox ${this.id} was quiesced; only the harness may use it.`;
      throw new ProctorError('sandbox-failed', message);
    }
    const endWatch = this.#watchDisk();
    const { service } = options;
    try {
      if (service !== undefined) return await this.#serviceOf(service).exec(command, options);
      return await this.#shellFor(options).run(command, options);
    } catch (error) {
      const { user } = options;
      throw await this.#blamed(error, (other) =>
        other.exec('true', { as: 'harness', ...(user !== undefined && { user }) }),
      );
    } finally {
      endWatch();
    }
  }

  /** Looks at it, or does the same to an untouched one to tell whose failure it was. While the agent may go on, that does not matter yet. */
  async #look<T>(work: () => Promise<T>, same: (other: Sandbox) => Promise<unknown>): Promise<T> {
    await this.#requireAlive();
    try {
      return await work();
    } catch (error) {
      throw this.#isQuiesced ? await this.#blamed(error, same) : error;
    }
  }

  /** A failure as `sandbox-broken` where an untouched sandbox does not fail so: then it is by what the agent did. */
  async #blamed(error: unknown, same: (other: Sandbox) => Promise<unknown>): Promise<unknown> {
    if (!(error instanceof ProctorError) || error.code !== 'sandbox-failed') return error;
    const other = await this.#parts.untouched?.().catch(() => undefined);
    if (!other) return error;
    try {
      await same(other);
    } catch {
      return error;
    } finally {
      await other.close();
    }
    const reason = error.message.slice(0, maxReason);
    const message = `Sandbox ${this.id} can't be used any more, though an untouched one can: ${reason}`;
    return new ProctorError('sandbox-broken', message, { cause: error });
  }

  #serviceOf(name: string) {
    const { services } = this.#running;
    if (services) return services.service(name);
    throw new ProctorError('sandbox-failed', `sandbox ${this.id} has no services`);
  }

  #watchDisk(): () => void {
    const maxMb = this.#parts.spec.limits.storageMb ?? defaultStorageMb;
    return watchDisk(this.#running, maxMb, (takenMb) => this.#onDiskFull(takenMb));
  }

  #onDiskFull(takenMb: number): void {
    this.#brokenReason = `it filled its disk (${takenMb} MB written)`;
    void this.#running.init.killAll();
  }

  async #detach() {
    await this.#resetShells();
    return this.#running.detach(this.#parts.spec.workdir);
  }

  /** The error to throw where the sandbox is dead. */
  async #broken(): Promise<ProctorError | undefined> {
    if (this.#brokenReason === undefined) return this.#running.death();
    return new ProctorError('sandbox-broken', `Sandbox ${this.id} is dead: ${this.#brokenReason}.`);
  }

  async #requireAlive(): Promise<void> {
    if (this.#brokenReason === undefined && !this.#running.init.channel.isClosed) return;
    throw await this.#broken();
  }

  #shellFor({ as = 'agent', user = root }: ExecOptions): ResidentShell {
    if (as === 'agent') return this.#agentShell;
    const shell = this.#harnessShells.get(user) ?? this.#newShell(user, false);
    this.#harnessShells.set(user, shell);
    return shell;
  }

  #newShell(user: string, keepsState: boolean): ResidentShell {
    const { workdir, env = {} } = this.#parts.spec;
    const home = `[ -w "$HOME" ] || export HOME=${shellWordOnOneLine(workdir)}; `;
    return new ResidentShell({
      start: () => this.#running.supervisor(user),
      init: this.#running.init,
      workdir,
      initialExports: home + exportCommands(env),
      keepsState,
      broken: () => this.#broken(),
    });
  }

  async #resetShells(): Promise<void> {
    await Promise.all([this.#agentShell, ...this.#harnessShells.values()].map((shell) => shell.reset()));
  }
}
