import { z } from 'zod';
import { ProctorError } from '../../errors.ts';
import type { HostServer } from '../host-server.ts';

const hostFunction = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'expected a function',
});

const hostObject = z.custom<object>((value) => typeof value === 'object' && value !== null, {
  error: 'expected a JSON Schema or a zod object',
});

const hostServer = z.object({
  tools: z
    .array(
      z.object({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected up to 64 letters, digits, _ or -'),
        description: z.string().min(1),
        input: hostObject,
        annotations: z.record(z.string(), z.unknown()).optional(),
        call: hostFunction,
      }),
    )
    .refine(
      (tools) => new Set(tools.map(({ name }) => name)).size === tools.length,
      'two tools have one name',
    ),
  state: hostFunction.optional(),
  close: hostFunction.optional(),
});

/** Checks what a module's default export returned. Throws `bad-file` with the path of what is wrong. */
export function checkServer(returned: unknown, path: string): HostServer {
  const checked = hostServer.safeParse(returned);
  if (checked.success) return returned as HostServer;
  const [issue] = checked.error.issues;
  const where = z.core.toDotPath(issue?.path ?? []) || 'what the default export returns';
  throw new ProctorError('bad-file', `${path}: ${where}: ${issue?.message}`);
}
