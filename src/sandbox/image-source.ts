/** Where an image comes from. */
export type ImageSource = (
  | {
      /** A folder with a Dockerfile; the image's tag contains the digest of the folder's content. */
      kind: 'build';
      context: string;
      /** Seconds a build may take. */
      timeoutSec?: number;
      /** A reference that is used where it exists or can be pulled; otherwise the folder is built. */
      prebuilt?: string;
      /** Base image as the Dockerfile names it → the one used instead. */
      bases?: Record<string, string>;
      /** Path of the Dockerfile in the folder; `Dockerfile` when absent. */
      dockerfile?: string;
      /** Build arguments. */
      args?: Record<string, string>;
      /** The stage that is built; the last when absent. */
      target?: string;
    }
  /** A reference that is used as it is, and pulled where it is missing. */
  | { kind: 'reference'; reference: string }
) & {
  /** A folder with a Dockerfile that is built on top of the image; its build arguments are `BASE` and `BASE_USER`. */
  layer?: string;
  /** The same, built on top of that, with the program of an agent that works inside of the sandbox. */
  agentLayer?: string;
};
