import type { ImageSource, NewFile } from '../sandbox/sandbox.ts';
import type {
  HarborEnvironment,
  HarborHealthcheck,
  HarborTask,
  HarborVerifier,
} from '../schema/harbor-task.ts';
import type { Verification } from '../schema/task.ts';
import type { Artifact } from './artifact.ts';

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
  /** The room of a separate verifier, where that is not the agent's. */
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
