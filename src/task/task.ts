import type { ImageSource, NewFile } from '../sandbox/sandbox.ts';
import type { ServiceGroup } from '../sandbox/service.ts';
import type {
  HarborEnvironment,
  HarborHealthcheck,
  HarborTask,
  HarborVerifier,
} from '../schema/harbor-task.ts';
import type { InstanceFile } from '../schema/instance.ts';
import type { Json } from '../schema/json.ts';
import type { PolicyAdditions } from '../schema/policy.ts';
import type { Script, TaskAdditions, Verification } from '../schema/task.ts';

/** A task folder, read and validated. */
export interface Task {
  /** `<suite>/<folder>` where it lies in a suite, else the folder's name. */
  name: string;
  /** Absolute path of the folder. */
  dir: string;
  /** Where the one who started the run has it, where that is another machine; traces name it in the place of `dir`. */
  startedFrom?: string;
  /** sha256 over every file of the folder, by relative path, but for its generator. */
  digest: string;
  /** Of the first phase. */
  instruction: string;
  tags: string[];
  difficulty?: string;
  harbor: HarborTask;
  /** What in the folder is not known and so not heeded, one line each. */
  leftOut?: string[];
  /** `proctor.toml`; `verify` is the first phase's. */
  additions: TaskAdditions & { verify: Verification };
  phases: readonly [Phase, ...Phase[]];
  policy: PolicyAdditions;
  /** `reference.json`: the reference trajectory. */
  reference?: Script;
  /** `seed.json`: data for host tools, merged over the environment's. */
  seed?: Json;
  /** `instance.json`: what this is made of, where a generator made it. */
  instance?: InstanceFile;
  /** `environment/` without a Dockerfile: files put into the workdir; paths are relative to it. */
  files: NewFile[];
  /** `environment/Dockerfile` or `docker_image`, where the task brings its own image. */
  image?: ImageSource;
  /** The containers of its compose file, where there are any beside `main`. */
  services?: ServiceGroup;
  /** `tests/` of all phases; paths are relative to `/tests`. Empty where the task has no script. */
  tests: NewFile[];
  /** `solution/` of all phases; paths are relative to `/solution`. */
  solution: NewFile[];
}

/** One instruction with its verifier. Most tasks have one phase; the phases of a task share a sandbox. */
export interface Phase {
  /** Of `[[steps]]`; absent where the task has none. */
  name?: string;
  instruction: string;
  /** Put into the workdir when the phase begins; `setup.sh` among them is run. Paths are relative. */
  files: NewFile[];
  /** Paths are relative to `/tests`. */
  tests: NewFile[];
  /** Paths are relative to `/solution`. */
  solution: NewFile[];
  agent: HarborTask['agent'];
  verifier: HarborVerifier;
  verify: Verification;
  /** What a separate verifier runs in, where that is not the agent's sandbox. */
  verifierEnvironment?: VerifierEnvironment;
  /** Rewards without which the phases after it are left out. */
  minReward: Record<string, number>;
  healthcheck?: HarborHealthcheck;
  artifacts: Artifact[];
}

/** What a separate verifier runs in. */
export interface VerifierEnvironment {
  image: ImageSource;
  environment: HarborEnvironment;
}

/** What is kept of the sandbox when the agent has finished. */
export interface Artifact {
  /** A path, or one of a service as `service:/path`. */
  source: string;
  /** What it is called where it is kept. */
  destination: string;
  /** Globs of paths below it that are left out. */
  exclude: string[];
}
