import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, ProctorError } from '../../errors.ts';
import { badFile, displayPath, readTextIfPresent, validate } from '../../schema/author-file.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const composeFile = z.looseObject({
  services: z
    .record(
      z.string(),
      z
        .looseObject({ environment: z.union([z.array(z.string()), z.record(z.string(), scalar)]).nullish() })
        .nullable(),
    )
    .nullish(),
});

/** Keys that change nothing: the harness sets these of `main` itself, or they only say what the file is. */
const ownToTheHarness = new Set(['environment', 'build', 'image', 'command', 'deploy']);
const informative = new Set(['services', 'version', 'name']);

/**
 * What a compose file with the service `main` alone adds to its sandbox, and what of it is not heeded. Nothing where there is no file.
 * Throws `unsupported` where it has other services, and `bad-file`.
 */
export function readCompose(file: string): { env: Record<string, string>; leftOut: string[] } {
  const text = readTextIfPresent(file);
  if (text === undefined) return { env: {}, leftOut: [] };
  const { services, ...rest } = validate(file, parseYaml(file, text) ?? {}, composeFile);
  const others = Object.keys(services ?? {}).filter((name) => name !== 'main');
  if (others.length > 0) {
    const what = `services: ${others.join(', ')}: environments of several containers cannot be run yet`;
    throw new ProctorError('unsupported', `${displayPath(file)}: ${what}; expected "main" alone`);
  }
  const { main } = services ?? {};
  const keys = [
    ...unheeded(rest, informative),
    ...unheeded(main ?? {}, ownToTheHarness).map((key) => `services.main.${key}`),
  ];
  return {
    env: variables(main?.environment ?? {}),
    leftOut: keys.map((key) => `${displayPath(file)}: ${key}: is not heeded; the sandbox is one container`),
  };
}

const unheeded = (node: object, known: Set<string>) => Object.keys(node).filter((key) => !known.has(key));

/** A variable without a value is taken from Proctor's own environment where it is set there, as compose does. */
function variables(
  given: readonly string[] | Record<string, z.infer<typeof scalar>>,
): Record<string, string> {
  const pairs = Array.isArray(given)
    ? given.map((line: string): [string, string | null] => {
        const [name = '', ...value] = line.split('=');
        return [name, line.includes('=') ? value.join('=') : null];
      })
    : Object.entries(given);
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => {
      const text = value ?? process.env[name];
      return text === undefined ? [] : [[name, String(text)]];
    }),
  );
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const [problem = ''] = messageOf(cause).split('\n');
    throw badFile(file, `not valid YAML: ${problem}`, { cause });
  }
}
