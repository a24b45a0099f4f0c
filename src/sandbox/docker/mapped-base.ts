import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { substituteImage } from '../image-map.ts';
import type { ImageSource } from '../sandbox.ts';

/** A build context whose Dockerfile starts from other bases: the folder itself, or a copy that `remove` deletes. */
export async function withMappedBases({
  context,
  dockerfile,
  bases = {},
}: Extract<ImageSource, { kind: 'build' }>): Promise<{ context: string; remove(): Promise<void> }> {
  const text = await readFile(join(context, dockerfile), 'utf8').catch(() => '');
  const mapped = mapBases(text, bases);
  if (mapped === text) return { context, remove: async () => {} };
  const copy = await mkdtemp(join(tmpdir(), 'proctor-build-'));
  await cp(context, copy, { recursive: true });
  await writeFile(join(copy, dockerfile), mapped);
  return { context: copy, remove: () => rm(copy, { recursive: true, force: true }) };
}

/** A Dockerfile with other images in its FROM lines; stages that are named stay what they are. */
function mapBases(dockerfile: string, bases: Record<string, string>): string {
  const stages = new Set(
    [...dockerfile.matchAll(/^\s*FROM\s.*\sAS\s+(\S+)/gim)].map(([, name = '']) => name),
  );
  return dockerfile.replace(
    /^(\s*FROM\s+(?:--\S+\s+)*)(\S+)/gim,
    (_, before: string, base: string) => `${before}${stages.has(base) ? base : substituteImage(base, bases)}`,
  );
}
