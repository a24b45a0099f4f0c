/** A file system entry as it travels between the sandbox's mirror of its files and the thread that runs commands. */
export type Node =
  | { type: 'file'; mode: number; mtime: number; content: Uint8Array }
  | { type: 'directory'; mode: number; mtime: number }
  | { type: 'link'; mode: number; mtime: number; target: string };

/** One change of the file system, in the order it happened. Paths are absolute and free of links. */
export type Change =
  | { kind: 'put'; path: string; node: Node }
  | { kind: 'append'; path: string; content: Uint8Array; mtime: number }
  | { kind: 'attributes'; path: string; mode: number; mtime: number }
  | { kind: 'move'; from: string; to: string }
  /** Removes everything below the path as well. */
  | { kind: 'remove'; path: string };

/** What a shell starts from: its directory and its exported variables. */
export interface ShellState {
  cwd: string;
  env: Record<string, string>;
}

/** To the thread. `open` begins a sandbox, after which nothing of the one before is left; `change` precedes the first `run`, and may come between two. */
export type ThreadRequest =
  | { kind: 'open'; workdir: string; storageBytes: number }
  | { kind: 'change'; changes: Change[] }
  | { kind: 'run'; command: string; state: ShellState }
  /** The answer to `turn-asked`. */
  | { kind: 'turn' };

/** From the thread, in the order things happened; `done` or `failed` ends a run. */
export type ThreadEvent =
  | { kind: 'ready' }
  | { kind: 'change'; change: Change }
  | { kind: 'output'; stream: 'stdout' | 'stderr'; data: Uint8Array }
  | { kind: 'state'; state: ShellState }
  /** An interpreter is about to start, and ended. */
  | { kind: 'turn-asked' }
  | { kind: 'turn-over' }
  | { kind: 'done'; exitCode: number }
  | { kind: 'failed'; message: string };

/** Bytes of content in an event. */
export function bytesIn(event: ThreadEvent): number {
  if (event.kind === 'output') return event.data.byteLength;
  if (event.kind !== 'change') return 0;
  const { change } = event;
  if (change.kind === 'append') return change.content.byteLength;
  return change.kind === 'put' && change.node.type === 'file' ? change.node.content.byteLength : 0;
}
