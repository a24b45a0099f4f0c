import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJiti } from 'jiti';

interface ImportOptions {
  /** `default` when absent. */
  exported?: string | undefined;
  /** Where what was compiled is kept. */
  cacheDir?: string | undefined;
  /** Reads the file anew although this process has loaded it before. */
  anew?: true;
  /** Packages that it has wherever it lies, by name. */
  given: Record<string, object>;
}

/** What a TypeScript or JavaScript module exports by a name; undefined where it doesn't. Throws what loading it throws. */
export async function importModule(
  path: string,
  { exported, cacheDir, anew, given }: ImportOptions,
): Promise<unknown> {
  const load = async (fsCache: string | false) => {
    const jiti = createJiti(import.meta.url, { fsCache, moduleCache: !anew, virtualModules: given });
    if (exported === undefined) return jiti.import(path, { default: true });
    return (await jiti.import<Record<string, unknown>>(path))[exported];
  };
  return load(cacheDir ?? false).catch((error: NodeJS.ErrnoException) => {
    // A cache that can't be written is no fault of the module.
    if (error?.syscall === undefined) throw error;
    return load(false);
  });
}

/** Where compiled modules are kept, by the digest of their source: a folder of this user's alone; none where there can't be one. */
export function compiledModules(): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  const dir = join(tmpdir(), `proctor-modules-${user}`);
  try {
    if (!existsSync(dir)) mkdirSync(dir, { mode: 0o700 });
    const { uid, mode } = lstatSync(dir);
    return uid === user && (mode & 0o077) === 0 ? dir : undefined;
  } catch {
    return undefined;
  }
}
