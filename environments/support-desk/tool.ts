import { z } from 'zod';
import type { HostTool } from '../../src/tool/host-server.ts';

/** A tool whose arguments are described and checked by a zod object. */
export function tool<S extends z.ZodRawShape>(
  name: string,
  description: string,
  shape: S,
  call: (args: z.infer<z.ZodObject<S>>) => unknown,
): HostTool {
  const schema = z.strictObject(shape);
  return {
    name,
    description,
    input: z.toJSONSchema(schema),
    call: (args) => call(schema.parse(args) as z.infer<z.ZodObject<S>>),
  };
}

/** A tool that changes nothing. */
export const readTool: typeof tool = (...parts) => ({
  ...tool(...parts),
  annotations: { readOnlyHint: true },
});

export const customerId = z.string().describe('Such as C-101.');
export const orderId = z.string().describe('Such as O-1001.');
export const ticketId = z.string().describe('Such as T-1.');
