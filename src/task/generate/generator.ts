import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, ProctorError } from '../../errors.ts';
import { compiledModules, importModule } from '../../sandbox/import-module.ts';
import { badFile, validate } from '../../schema/author-file.ts';
import { type Generated, generated, type Instance } from '../../schema/instance.ts';
import { generatorFile } from '../generator-file.ts';
import { type InstanceRandom, instanceRandom } from '../random.ts';
import { sealed } from './sealed.ts';

/** The default export of `generate.ts`: an instance, from a seed alone. It knows no clock, no network and no chance but `random`. */
export type Generate = (seed: string, random: InstanceRandom) => Instance;

/** Gives the instance of a seed. Throws `bad-file` where the module fails, gives what is no instance, or two for one seed. */
export type Generator = (seed: string) => Generated;

/** Loads the generator of a task's folder. Throws `bad-file`. */
export async function loadGenerator(dir: string): Promise<Generator> {
  const path = join(dir, generatorFile);
  const module = await importModule(path, {
    cacheDir: compiledModules(),
    given: { proctor: { ProctorError } },
  }).catch((cause: unknown) => {
    throw badFile(path, `cannot be loaded: ${messageOf(cause)}`, { cause });
  });
  if (typeof module !== 'function')
    throw badFile(path, `expected a default export (seed, random) => instance, got ${typeof module}`);
  const generate = module as Generate;
  return (seed) => {
    const [one, other] = [made(generate, seed, path), made(generate, seed, path)];
    if (isDeepStrictEqual(one, other)) return one;
    throw badFile(
      path,
      `seed ${seed}: gives another instance the second time; let all follow from seed and random`,
    );
  };
}

function made(generate: Generate, seed: string, path: string): Generated {
  let instance: Instance;
  try {
    instance = sealed(() => generate(seed, instanceRandom(seed)));
  } catch (cause) {
    throw badFile(path, `seed ${seed}: ${messageOf(cause)}`, { cause });
  }
  if (instance instanceof Promise)
    throw badFile(path, `expected an instance, got a promise; read files with readFileSync`);
  return validate(path, instance, generated);
}
