import type { ImageSource } from './image-source.ts';
import type { NewFile } from './new-file.ts';

/** What a container waits for before it is started. */
export interface Dependency {
  service: string;
  until: 'started' | 'healthy' | 'completed';
}

/** What is mounted at an absolute path; what a trial's containers share, they share by a volume's name. */
export type Mount = { target: string; readOnly?: boolean } & (
  | {
      kind: 'volume';
      /** Of the trial; one of its own where absent. */
      name?: string;
      /** What it holds at first, by paths relative to it; what the image has at the target when absent. */
      files?: NewFile[];
      /** Leaves out what the image has at the target. */
      nocopy?: boolean;
    }
  | { kind: 'tmpfs'; bytes?: number; mode?: number }
);

/** A command that tells whether a service is healthy. Times are milliseconds. */
export interface ServiceHealthcheck {
  /** As the engine takes it: `CMD` or `CMD-SHELL`, and what follows; `NONE` switches the image's own off. */
  test: string[];
  intervalMs?: number;
  timeoutMs?: number;
  startPeriodMs?: number;
  startIntervalMs?: number;
  retries?: number;
}

/** What the sandbox's own container and its services may both ask for. */
export interface ContainerSettings {
  /** Networks of the trial, with the names it is known by there beside its own; none where empty. */
  networks: { name: string; aliases: string[] }[];
  dependsOn: Dependency[];
  mounts: Mount[];
  /** Put in before it is started, owned by root. */
  files: NewFile[];
  /** "name:address". */
  extraHosts: string[];
  hostname?: string;
  domainname?: string;
  shmBytes?: number;
  ulimits: { Name: string; Soft: number; Hard: number }[];
  sysctls: Record<string, string>;
  groups: string[];
  labels: Record<string, string>;
}

/** A container that runs beside the sandbox's own. */
export interface ServiceSpec extends ContainerSettings {
  name: string;
  image: ImageSource;
  /** The image's own when absent. */
  entrypoint?: string[];
  command?: string[];
  env: Record<string, string>;
  user?: string;
  workdir?: string;
  /** The service whose network it shares. */
  networkOf?: string;
  healthcheck?: ServiceHealthcheck;
  restart?: { policy: 'no' | 'always' | 'on-failure' | 'unless-stopped'; retries?: number };
  /** Those of the sandbox where absent. */
  limits: { memoryMb?: number; cpus?: number; pids?: number };
  capAdd: string[];
  capDrop: string[];
  init?: boolean;
  readOnly?: boolean;
  tty?: boolean;
  stdin?: boolean;
  stopSignal?: string;
}

/** The containers of one trial beside the sandbox's own, which is called `main` by them. */
export interface ServiceGroup {
  /** Those that others depend on come first. */
  services: ServiceSpec[];
  main: ContainerSettings & {
    /** Started as the image's ENTRYPOINT is, where it is more than to stay. */
    program?: string[];
  };
  /** `internal` ones lead nowhere else, whatever network the sandbox has; the others do only where it is public. */
  networks: { name: string; internal: boolean }[];
}

/** Something that happened to a service while the trial went on. */
export interface ServiceTrouble {
  service: string;
  /** Why it counts as trouble, in words. */
  what: string;
  exitCode?: number;
  /** The last lines that it printed. */
  log: string;
}
