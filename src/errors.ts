/**
 * Who has to act on bad news.
 * - `author`: a bad task, flag or file; exit 2.
 * - `infrastructure`: an engine, image, model endpoint or disk failed; exit 3, never an agent's score.
 * - `gate`: a gate that was asked for was not met; exit 1.
 * - `interrupted`: Ctrl-C; exit 130.
 */
export type ErrorKind = 'author' | 'infrastructure' | 'gate' | 'interrupted';

/** Every code Proctor can fail with, and who has to act on it. */
export const errorKinds = {
  'bad-flag': 'author',
  'bad-file': 'author',
  'not-found': 'author',
  unsupported: 'author',
  'bad-trace': 'author',
  'tampered-trace': 'author',
  'gate-not-met': 'gate',
  diverged: 'gate',
  'engine-unreachable': 'infrastructure',
  'image-unavailable': 'infrastructure',
  'image-build-failed': 'infrastructure',
  'sandbox-failed': 'infrastructure',
  'sandbox-broken': 'infrastructure',
  'sandbox-lost': 'infrastructure',
  'too-large': 'infrastructure',
  'tool-server-failed': 'infrastructure',
  'model-refused-key': 'infrastructure',
  'model-unavailable': 'infrastructure',
  'budget-spent': 'infrastructure',
  'limit-unkept': 'infrastructure',
  'nothing-scored': 'infrastructure',
  'context-overflow': 'infrastructure',
  'verifier-failed': 'infrastructure',
  'endpoint-failed': 'infrastructure',
  'queue-unreachable': 'infrastructure',
  'lease-lost': 'infrastructure',
  'disk-full': 'infrastructure',
  'trace-write-failed': 'infrastructure',
  'store-failed': 'infrastructure',
  interrupted: 'interrupted',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** The one error class of Proctor: a closed code, and one line that says what, where and what was expected. */
export class ProctorError extends Error {
  override readonly name = 'ProctorError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get kind(): ErrorKind {
    return errorKinds[this.code];
  }
}

/** What `read` gives; undefined where it fails with a `ProctorError` (of this code, where one is given), which `told` is told of. */
export function unlessFailed<T>(
  read: () => T,
  { code, told }: { code?: ErrorCode; told?: (error: ProctorError) => void } = {},
): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProctorError) || (code !== undefined && error.code !== code)) throw error;
    told?.(error);
    return undefined;
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
