import { InvalidArgumentError, Option } from 'commander';

/** Parses a whole number of at least `min`. */
export const wholeNumber = (min: number) => (text: string) => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < min)
    throw new InvalidArgumentError(`expected a whole number of at least ${min}`);
  return number;
};

/** Parses a number between `min` and `max`. */
export const numberBetween = (min: number, max: number) => (text: string) => {
  const number = Number(text);
  if (text.trim() === '' || !(number >= min && number <= max)) {
    throw new InvalidArgumentError(
      max === Number.POSITIVE_INFINITY
        ? `expected a number of at least ${min}`
        : `expected a number from ${min} to ${max}`,
    );
  }
  return number;
};

export const collect = (value: string, before: string[]) => [...before, value];

export const paramOption = () =>
  new Option('--param <name=value>', 'sampling parameter of the model, such as temperature=0 (repeatable)')
    .argParser(collect)
    .default([], 'none');
export const pricesOption = () => new Option('--prices <file>', 'prices per million tokens, as TOML or JSON');
export const outOption = () =>
  new Option('--out <dir>', 'folder of recorded runs').default('traces').env('PROCTOR_TRACES');
export const environmentsOption = () =>
  new Option('--environments <dir>', 'another folder of environments (repeatable)')
    .argParser(collect)
    .default([], 'none');
export const tasksOption = () =>
  new Option('--tasks <dir>', 'another folder of suites (repeatable)').argParser(collect).default([], 'none');
export const sandboxOption = () =>
  new Option('--sandbox <provider>', 'where the sandboxes run')
    .choices(['auto', 'docker', 'embedded'])
    .default('auto');
export const logOption = () => new Option('--log <file>', 'write the program’s own log to a file');
