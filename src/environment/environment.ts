import type { ImageSource } from '../sandbox/sandbox.ts';
import type { EnvironmentConfig } from '../schema/environment.ts';
import type { Json } from '../schema/json.ts';
import type { PolicyAdditions } from '../schema/policy.ts';

/** An environment folder, read and validated. */
export interface Environment {
  name: string;
  /** Absolute path of the folder; empty for the built-in environment of a task that brings its own image. */
  dir: string;
  digest: string;
  config: EnvironmentConfig;
  guidance?: string;
  policy: PolicyAdditions;
  /** `seed.json`. */
  seed?: Json;
  /** Absent where the environment needs no sandbox: all its tools are host or remote. */
  image?: ImageSource;
}
