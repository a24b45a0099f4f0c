import { z } from 'zod';

/** A question about recorded runs, as a tool of the server. */
export interface RecordTool {
  name: string;
  title: string;
  description: string;
  input: z.ZodObject;
  output: z.ZodObject;
  /** Absent for those that only read. */
  executes?: true;
  answer(input: unknown, signal: AbortSignal): Promise<Answer>;
}

/** An answer: data as its schema says, and one short text on it. */
interface Answer {
  data: Record<string, unknown>;
  text: string;
}

/** A tool whose input and output are checked. */
export function recordTool<I extends z.ZodRawShape, O extends z.ZodRawShape>(tool: {
  name: string;
  title: string;
  description: string;
  input: I;
  output: O;
  executes?: true;
  answer(
    input: z.infer<z.ZodObject<I>>,
    signal: AbortSignal,
  ): Promise<{ data: z.infer<z.ZodObject<O>>; text: string }>;
}): RecordTool {
  const input = z.strictObject(tool.input);
  return {
    ...tool,
    input,
    output: z.strictObject(tool.output),
    answer: (given, signal) => tool.answer(input.parse(given) as z.infer<z.ZodObject<I>>, signal),
  };
}

/** Asks for a part of a list. */
export const paging = (usual: number) => ({
  limit: z.int().min(1).max(200).default(usual).describe('entries at most'),
  offset: z.int().min(0).default(0).describe('the first one to give, from 0'),
});

/** How much of a list an answer has. */
export const paged = {
  total: z.int(),
  next: z.int().optional().describe('offset of the rest, where there is more'),
};

export function pageOf<T>(all: readonly T[], { limit, offset }: { limit: number; offset: number }) {
  const page = all.slice(offset, offset + limit);
  const next = offset + page.length;
  return { page, counts: { total: all.length, ...(next < all.length && { next }) } };
}

/** A figure, or why there is none. */
export const figure = z.union([z.number(), z.strictObject({ unscored: z.string() })]);
/** Whether something is so, or why that can't be told. */
export const told = z.union([z.boolean(), z.strictObject({ unscored: z.string() })]);
