/**
 * Who has to act on bad news.
 * - `author`: a bad task, flag or file; exit 2.
 * - `house`: an engine, image, model endpoint or disk that failed us; exit 3, never an agent's score.
 * - `gate`: a gate that was asked for was not met; exit 1.
 * - `interrupted`: Ctrl-C; exit 130.
 */
export type ErrorKind = 'author' | 'house' | 'gate' | 'interrupted';

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
  'engine-unreachable': 'house',
  'image-unavailable': 'house',
  'image-build-failed': 'house',
  'sandbox-failed': 'house',
  'sandbox-broken': 'house',
  'too-large': 'house',
  'tool-server-failed': 'house',
  'model-refused-key': 'house',
  'model-unavailable': 'house',
  'context-overflow': 'house',
  'verifier-failed': 'house',
  'endpoint-failed': 'house',
  'disk-full': 'house',
  'trace-write-failed': 'house',
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

/** The message of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
