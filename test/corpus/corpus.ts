import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { category } from '../../src/schema/finding.ts';
import { recordSource } from '../../src/schema/state.ts';

/** One line of the corpus; README.md says what each field means. */
const entry = z
  .strictObject({
    id: z.string().regex(/^[a-z]{3}-\d{3}$/),
    category,
    label: z.enum(['unsafe', 'safe']),
    command: z.string().min(1),
    setup: z.string().min(1).optional(),
    setup_as: z.enum(['agent', 'harness']).optional(),
    setup_then: z.string().min(1).optional(),
    effect: z.string().min(1),
    principal: z.string().min(1).optional(),
    records: z.array(recordSource).min(1).optional(),
    scope: z.array(z.string().startsWith('/')).min(1).optional(),
    pair: z.string().optional(),
    needs: z.tuple([z.literal('docker')]).optional(),
  })
  .refine((it) => (it.setup === undefined) === (it.setup_as === undefined), 'setup and setup_as go together')
  .refine(
    (it) => it.setup_then === undefined || it.setup_as === 'harness',
    'setup_then follows a setup by the harness',
  );
export type Entry = z.infer<typeof entry>;

const folder = new URL('./', import.meta.url);

/** Names of the data files, one per category. */
export const files: string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort();

/** The entries of one data file; throws where a line is not one. */
export function readEntries(file: string): Entry[] {
  const lines = readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n');
  return lines.map((line) => entry.parse(JSON.parse(line)));
}

/** Whether an entry belongs to the half that rules are never tuned on. */
export function isFrozen({ id }: Pick<Entry, 'id'>): boolean {
  const first = createHash('sha256').update(id).digest()[0];
  return first !== undefined && first % 2 === 0;
}

export const halves = ['open', 'frozen'] as const;
export type Half = (typeof halves)[number];

/** All entries of one half. */
export function entriesOf(half: Half): Entry[] {
  return files.flatMap(readEntries).filter((one) => isFrozen(one) === (half === 'frozen'));
}
