import { Argument, type Command, InvalidArgumentError, Option } from 'commander';

/** What `proctor export` writes: recorded trials in the formats of other tools, or a task. */
export const exportFormats = ['atif', 'inspect', 'otel', 'junit', 'ctrf', 'csv', 'harbor'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export type TraceFormat = Exclude<ExportFormat, 'harbor'>;

/** What agents are called on a command line. */
export const agentForms =
  'openai:<model>, openai-responses:<model>, anthropic:<model>, google:<model>, scripted:<name or file>, oracle, nop, human, external:<command line>, inside:<name or command line>, ./<module>.ts[:export], py:<file>, or retry(<n>, <agent>), vote(<n>, <agent>), escalate(<agent>, <agent>)';

/** Parses a whole number of at least `min`. */
export const wholeNumber = (min: number) => (text: string) => {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < min)
    throw new InvalidArgumentError(`expected a whole number of at least ${min}`);
  return number;
};

/** Parses whole numbers of at least 1, with commas between. */
export const wholeNumbers = (text: string) => text.split(',').map(wholeNumber(1));

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

/** Parses a number above 0 and below 1. */
export function properShare(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('expected a number above 0 and below 1');
  return number;
}

export const collect = (value: string, before: string[]) => [...before, value];

/** Parses a regular expression. */
export function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new InvalidArgumentError('expected a regular expression');
  }
}

/** Actions of one trial that a judge is asked about, unless told otherwise. */
export const judgedActions = 20;

export const traceArgument = () =>
  new Argument('<trace>', 'folder of a trace, `last`, or the id of a trial or the beginning of it');
export const jsonOption = () =>
  new Option('--json', 'one JSON document on stdout, everything else on stderr');
/** What every command that runs agents gives those that are programs. */
export const agentArgOption = () =>
  new Option(
    '--agent-arg <name=value>',
    'argument of agents that are modules or Python files, as JSON or text (repeatable); variables of the environment, such as ${KEY}, are put in',
  )
    .argParser(collect)
    .default([], 'none');
/** Which model a program asks that runs in the sandbox. */
export const modelOption = () =>
  new Option('-m, --model <model>', 'the model of `inside:` agents; PROCTOR_MODEL when absent');
/** What every command that asks models takes. */
export const withModelOptions = (command: Command) =>
  command
    .addOption(
      new Option(
        '--param <name=json>',
        'parameter of requests to the model, such as temperature=0 (repeatable); null takes one away',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--header <name: value>',
        'header of requests to the model (repeatable); variables of the environment, such as ${KEY}, are put in',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--model-config <file>', 'parameters, headers and more for the endpoint, as TOML or JSON')
    .option('--prices <file>', 'prices per million tokens, as TOML or JSON')
    .option(
      '--price <in=3,out=15>',
      'price per million tokens of all models that --prices does not name; with cached=0.3 where cached input is cheaper',
    )
    .option(
      '--rate <tokens=60000,requests=500>',
      'what an endpoint may be asked for in a minute with one key; as it likes when absent',
    )
    .option(
      '--patience <s>',
      'how long a model’s endpoint may keep a decision waiting before that is its failure; 600 when absent',
      numberBetween(0.001, Number.POSITIVE_INFINITY),
    );
export const maxCostOption = (of: string) =>
  new Option('--max-cost <usd>', `model cost of ${of}`).argParser(
    numberBetween(0.000001, Number.POSITIVE_INFINITY),
  );
export const outOption = () =>
  new Option('--out <dir>', 'folder of recorded runs').default('traces').env('PROCTOR_TRACES');
export const environmentsOption = () =>
  new Option('--environments <dir>', 'another folder of environments (repeatable)')
    .argParser(collect)
    .default([], 'none');
export const tasksOption = () =>
  new Option('--tasks <dir>', 'another folder of suites (repeatable)').argParser(collect).default([], 'none');
export const runtimeOption = () =>
  new Option('--runtime <name>', 'runtime of the Docker engine, such as runsc where it is installed').env(
    'PROCTOR_RUNTIME',
  );
export const logOption = () => new Option('--log <file>', 'write the program’s own log to a file');
const sandboxes = 'auto, docker, embedded, a name that proctor.config.ts gives, or ./<module>.ts';
export const recordedSandboxOption = () =>
  new Option(
    '--sandbox <provider>',
    `where the sandbox runs, if not where the trial was recorded: ${sandboxes}`,
  );

/** What runs and proves instances of generated tasks. */
export const withInstanceOptions = (command: Command, seeds: string) =>
  command
    .option(
      '--instances <n>',
      `instances of each task that has a generate.ts, in its place, by ${seeds}`,
      wholeNumber(1),
    )
    .addOption(
      new Option('--instance-seed <seed>', 'the instance of this seed (repeatable)')
        .argParser(collect)
        .default([], 'none'),
    )
    .option(
      '--perturb <list>',
      'change only the form of tasks: wording, keys, dates, layout, distractors, order, descriptions, each with a strength from 1 to 3 as in wording,keys:2',
    );

/** Parses `FROM=TO` pairs. */
function collectImages(value: string, before: Record<string, string>): Record<string, string> {
  const [from, to, ...rest] = value.split('=');
  if (!from || !to || rest.length > 0) throw new InvalidArgumentError('expected IMAGE=IMAGE');
  return { ...before, [from]: to };
}

/** What every command that sets tasks up is asked: where they and their sandboxes are found, and with which images. */
export const withSetupOptions = (command: Command) =>
  command
    .addOption(new Option('--sandbox <provider>', `where the sandboxes run: ${sandboxes}`).default('auto'))
    .addOption(runtimeOption())
    .addOption(
      new Option('--image-map <from=to>', 'an image to take in the place of one that tasks name (repeatable)')
        .argParser(collectImages)
        .default({}, 'none'),
    )
    .option(
      '--with-pytest',
      'give the images of tasks pytest and stand-ins for uv and uvx, for tests that download them',
    )
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .addOption(logOption());
