import type { Duplex } from 'node:stream';
import type { z } from 'zod';
import type { ProctorError } from '../errors.ts';
import type { sandboxNeed } from '../schema/environment.ts';
import type { NetworkAttempt, NetworkMode } from '../schema/network.ts';
import type { StartedPrograms } from '../schema/started-program.ts';
import type { RightsChange } from '../schema/state.ts';
import type { ImageSource } from './image-source.ts';
import type { NewFile } from './new-file.ts';
import type { ServiceGroup, ServiceTrouble } from './service.ts';

export type { ImageSource } from './image-source.ts';
export type { NewFile } from './new-file.ts';

/**
 * What a sandbox can do: what authors may ask for, the network modes `sink` and `allowlist`, ports that lead to the harness, seeing
 * which programs are started, and services beside it.
 */
export type SandboxCapability = z.infer<typeof sandboxNeed> | 'network' | 'listen' | 'programs' | 'services';

/** How strictly a sandbox is isolated: Proctor's own way, or as tasks from elsewhere expect (root, network, installs). */
type IsolationProfile = 'hardened' | 'compatible';

/** One entry of a surveyed tree. `sha256` is absent for directories, links, and files that could not be read or are larger than 256 MiB. */
export interface FileEntry {
  type: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits in octal, such as "644". */
  mode: string;
  /** Bytes; 0 for directories. */
  size: number;
  /** Where a link points. */
  target?: string;
  sha256?: string;
}

/** Absolute path → entry, for the requested paths and everything below them. */
export type FileTree = Record<string, FileEntry>;

/** A file as a survey found it. */
export interface SurveyedFile {
  /** Absolute path. */
  path: string;
  size: number;
  sha256: string;
}

export interface ExecOptions {
  /** Milliseconds until the command's whole process group is killed inside the sandbox. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Bytes of stdout and stderr together after which the command is killed; 64 MiB when absent. */
  captureBytes?: number;
  /** Output past `captureBytes` is dropped instead, and the command goes on. */
  dropsExcess?: boolean;
  /**
   * `agent` (default): the agent's own shell, whose directory and exported variables carry over from call to call.
   * `harness`: a fresh shell that the agent's commands cannot have prepared, for probes and verifiers; starts in the workdir.
   */
  as?: 'agent' | 'harness';
  /** Extra variables for this command. */
  env?: Record<string, string>;
  /** The user of a command as `harness`; root when absent. For providers with `users`. */
  user?: string;
  /** The service whose container a command as `harness` is run in; for sandboxes with services. */
  service?: string;
}

/** What one command did. A time-out or cut output is data, not an error. */
export interface ExecResult {
  stdout: Buffer;
  stderr: Buffer;
  /** Exit code; 128+n for signal n. */
  exitCode: number;
  timedOut: boolean;
  /** True where the output exceeded `captureBytes`. */
  captureCut: boolean;
  durationMs: number;
}

interface SpawnOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** While it runs, the sandbox's limit on disk is kept as it is while a command runs; `startedPrograms` tells what comes of it. */
  watched?: boolean;
}

/** A process of the sandbox with its standard streams. */
export interface SpawnedProcess {
  write(data: Uint8Array): Promise<void>;
  /** Chunks of stdout; called in order. */
  onStdout(listener: (chunk: Buffer) => void): void;
  onStderr(listener: (chunk: Buffer) => void): void;
  /** Resolves when the process is gone, with its exit code, or null where that is unknown. */
  readonly exited: Promise<number | null>;
  /** Kills the process and its process group. */
  kill(): Promise<void>;
}

/**
 * One running, isolated instance of an environment. Every method throws `ProctorError` once it is dead: `sandbox-broken`, or `sandbox-lost`
 * where it was ended from outside and by nobody in it. Methods are own
 * properties that work without their object, here and in `files`, so that a wrapper may spread a sandbox and replace some of them.
 */
export interface Sandbox {
  /** Short unique id; the container's name on Docker. */
  readonly id: string;
  readonly info: SandboxInfo;
  /** Runs one command line in a POSIX shell (bash where there is one). Calls of one sandbox queue up. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Starts a program; `unsupported` where the provider lacks `spawn`. */
  spawn(argv: string[], options?: SpawnOptions): Promise<SpawnedProcess>;
  readonly files: SandboxFiles;
  /**
   * Listens on a port of the sandbox's own loopback address 127.0.0.1, any free one for 0; what its programs connect to it is handed over to
   * `onConnection`, whatever the network mode is, and is no network attempt. Throws `sandbox-failed` where the port is taken. Absent where
   * the provider lacks `listen`.
   */
  listen?(port: number, onConnection: (connection: Duplex) => void): Promise<Listener>;
  /**
   * Has every program seen from now on that what is spawned as `watched` starts, or what came of it, out of reach of what runs in the
   * sandbox. Throws `sandbox-failed` with the reason where the engine or its kernel does not allow that. Absent where the provider lacks
   * `programs`.
   */
  watchPrograms?(): Promise<void>;
  /** The programs that were started so since the last call; undefined where they are not watched. Throws `sandbox-failed` where they no longer are. */
  startedPrograms?(): Promise<WatchedPrograms | undefined>;
  /**
   * Kills every process the agent started, unless it `spares` them, and returns what was running; afterwards only `files` and `exec` as
   * `harness` may be used.
   */
  quiesce(options?: { spares?: boolean }): Promise<LeftoverProcesses>;
  /** Allows the agent's commands again after `quiesce`. */
  resume(): Promise<void>;
  /**
   * What was sent out, or tried to be, since the last call; waits until the gateway has seen all of it. Absent where the
   * network is `none` or `public`. Throws `sandbox-failed` where the gateway does not answer.
   */
  attempts?(): Promise<SentAttempt[]>;
  /** What went wrong with its services since the last call. Absent where it has none. Never throws. */
  serviceTroubles?(): Promise<ServiceTrouble[]>;
  /** Whether the sandbox still answers, and if not, why. Never throws. */
  health(): Promise<{ alive: true } | { alive: false; reason: string }>;
  /** Connects a terminal to an interactive shell of the agent's user in `cwd`; resolves when the shell ends. Absent where there is none. */
  enter?(terminal: Terminal, cwd: string): Promise<void>;
  /** Leaves it running and returns the commands that enter and remove it. Absent where it can't outlive its provider. */
  detach?(): Promise<{ enter: string; remove: string }>;
  /** Removes it. May resolve before the engine has finished; the provider's `close` waits for that. Never throws, may be called twice. */
  close(): Promise<void>;
}

/** A port of a sandbox that leads to the harness. */
export interface Listener {
  readonly port: number;
  /** Resolves when it no longer listens by the harness's failure, and not because it or the sandbox was closed. */
  readonly lost: Promise<ProctorError>;
  /** Takes no more connections; those that are open stay. */
  close(): Promise<void>;
}

/** Programs that were started, and how many more were of which nothing is known. */
export interface WatchedPrograms extends StartedPrograms {
  lost: number;
}

/** A network attempt, and the part of what was sent that was kept. */
export interface SentAttempt {
  attempt: NetworkAttempt;
  payload: Buffer;
}

/** What was still running when a sandbox was quiesced, and how often its limits were met. */
export interface LeftoverProcesses {
  /** Number of processes that outlived the command that started them; shells of the harness and tool servers do not count. */
  count: number;
  /** Their names, as far as known. */
  processes: string[];
  /** How often a process was killed for lack of memory; absent where that is not counted. */
  oomKills?: number;
  /** How often a process was refused because there were too many; absent where that is not counted. */
  pidsRefused?: number;
}

/** A user's standard streams; both may be pipes. */
export interface Terminal {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
}

/** The most that `collect` returns at once: bytes and number of files. */
export const collectLimits = { bytes: 256 * 1024 * 1024, files: 50_000 } as const;

/** Files of the sandbox by their absolute paths, and of its services as `service:/path`. */
export interface SandboxFiles {
  /** A whole file. Throws `sandbox-failed` where it can't be read. */
  read(path: string): Promise<Buffer>;
  /** Writes whole files, all or nothing per file, owned by the agent's user unless `owner` is `harness`. */
  write(files: NewFile[], options?: { owner?: 'agent' | 'harness' }): Promise<void>;
  /**
   * Every file below the paths, for copying into another sandbox; symbolic links are left out, modes are kept.
   * Throws `too-large` above `collectLimits`.
   */
  collect(paths: string[]): Promise<NewFile[]>;
  /** What differs from the image, as the engine sees it from outside; may take seconds. Absent where there is no image. */
  changed?(): Promise<{ path: string; op: 'created' | 'changed' | 'deleted' }[]>;
  /** The state of the paths, taken out of the agent's reach; cheap when little has changed. Missing paths are left out. */
  survey(paths: string[]): Promise<FileTree>;
  /** The entries of two surveyed trees that had another owner or access list in the later one. Absent where the sandbox knows no owners. */
  changedRights?(before: FileTree, after: FileTree): RightsChange[];
  /** Contents of small files, by their surveyed sha256; those that have changed since are left out. */
  contents(files: SurveyedFile[]): Promise<Map<string, Buffer>>;
}

export interface SandboxInfo {
  /** The provider's name. */
  provider: string;
  profile: IsolationProfile;
  /** The image's content id; absent for embedded. */
  imageId?: string;
  /** What the image was built from, reference → content id; absent where it was not built here. */
  bases?: Record<string, string>;
  /** The engine or library and its version, such as "docker 20.10.24". */
  engine: string;
  user: string;
  workdir: string;
}

/** What to open. Everything a provider needs to know of an environment. */
export interface SandboxSpec {
  /** Where the image comes from; the embedded provider ignores it. */
  image: ImageSource;
  profile: IsolationProfile;
  /** Absolute working directory, made where missing and owned by the agent. */
  workdir: string;
  /** The agent's user; the provider's own choice (non-root where the image allows) when absent. */
  user?: string;
  env?: Record<string, string>;
  /** Files put in before the first command. */
  files: NewFile[];
  limits: { memoryMb: number; cpus: number; pids: number; storageMb?: number };
  network: NetworkMode;
  /** With `allowlist`: names, `*.name`, IPv4 addresses and networks. */
  allowedHosts?: string[];
  /** Containers that run beside it, of this sandbox alone; for providers with `services`. */
  services?: ServiceGroup;
  /** Put on all that is created, so that leftovers can be found. */
  labels: { run: string; trial: string };
}

export interface ImageProgram {
  /** The image's entrypoint and arguments; empty where it has none. */
  argv: string[];
  cwd?: string;
}

/** Opens sandboxes of one kind; shared by all trials of a run. A wrapper may spread it, as it may a sandbox. */
export interface SandboxProvider {
  /** What traces call it: lower-case letters, digits and dashes. */
  readonly name: string;
  readonly capabilities: ReadonlySet<SandboxCapability>;
  /** Gets ready for sandboxes of this spec: builds or pulls the image, fills the warm pool. Throws `image-*` or `engine-unreachable`. */
  prepare(spec: SandboxSpec, progress: (line: string) => void): Promise<void>;
  /** The program an image starts, with its working directory where it names one. Absent where there are no images. */
  programOf?(image: ImageSource, progress: (line: string) => void): Promise<ImageProgram>;
  /** Opens a fresh sandbox. Throws `sandbox-failed`, `image-*` or `engine-unreachable`, and leaves nothing behind when it does. */
  open(spec: SandboxSpec, signal?: AbortSignal): Promise<Sandbox>;
  /** Removes sandboxes of runs whose process is gone, with `kept` also detached ones; returns how many were removed. */
  reap(options?: { kept?: boolean }): Promise<number>;
  /** Waits for pending removals and removes the warm pool. */
  close(): Promise<void>;
}
