import { ProctorError } from '../errors.ts';

/**
 * Expands `${NAME}` and `${NAME:-default}` from Proctor's own environment, as author files may say.
 * Throws `bad-file` naming `where` for a variable that is not set and has no default.
 */
export function expandVariables(values: Record<string, string>, where: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, expandVariable(value, `${where} ${key}`)]),
  );
}

function expandVariable(text: string, where: string): string {
  return text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (_, name: string, fallback?: string) => {
      const value = process.env[name] ?? fallback;
      if (value === undefined)
        throw new ProctorError('bad-file', `${where}: the variable ${name} is not set and has no default`);
      return value;
    },
  );
}
