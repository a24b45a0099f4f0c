/** A file or symbolic link to write into a sandbox. Missing parent directories are made. */
export interface NewFile {
  /** Absolute path. */
  path: string;
  /** Empty for a link. */
  content: Uint8Array;
  /** Where a symbolic link leads; absent for a file. */
  target?: string;
  /** Permission bits such as 0o755; 0o644 when absent. */
  mode?: number;
}
