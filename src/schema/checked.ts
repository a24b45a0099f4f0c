import type { z } from 'zod';
import { type ErrorCode, ProctorError } from '../errors.ts';

/** What is said where a value is not what a schema takes: the code, the place, and within it the path from `root`. */
export interface Blame {
  code: ErrorCode;
  where: string;
  root?: string;
}

/** A value as a schema takes it. Throws as `blame` says, with the first thing that is wrong. */
export function checked<T extends z.ZodType>(schema: T, value: unknown, blame: Blame): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [blame.root ?? '', ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  throw new ProctorError(blame.code, `${blame.where}: ${path || 'root'}: ${issue?.message}`);
}
