import { Command, InvalidArgumentError, Option } from 'commander';
import {
  environmentsOption,
  outOption,
  runtimeOption,
  tasksOption,
  wholeNumber,
  withInstanceOptions,
  withSetupOptions,
} from './option.ts';

/** The commands for whoever writes tasks and environments, and for the machine. What they do is loaded when they do it. */
export const authorCommands = () => [
  checkCommand(),
  openCommand(),
  newCommand(),
  cleanCommand(),
  doctorCommand(),
];

function checkCommand(): Command {
  const command = new Command('check')
    .description('Prove tasks and environments: the reference passes, everything less does not.')
    .argument('<path...>', 'tasks, suites or environments, by folder or name')
    .option('-c, --concurrency <n>', 'trials at the same time', wholeNumber(1), 4)
    .option('--times <n>', 'how often each trial is made', wholeNumber(1), 2)
    .option('--keep [dir]', 'keep the traces')
    .option('--propose-contract', 'print a first contract of each task, by what its reference did')
    .option('--json', 'one JSON document on stdout');
  withInstanceOptions(command, 'fresh seeds, which are said');
  return withSetupOptions(command).action(async (paths, flags) =>
    (await import('./check.ts')).checkFiles(paths, flags),
  );
}

function openCommand(): Command {
  const command = new Command('open')
    .description('Open a fresh sandbox by hand: call its tools, see its state change.')
    .argument('<target>', 'a task or an environment, by folder or name')
    .option('--as-agent', 'do the task yourself: recorded and scored like any agent')
    .addOption(outOption());
  return withSetupOptions(command).action(async (target, flags) =>
    (await import('./open.ts')).open(target, flags),
  );
}

function newCommand(): Command {
  return new Command('new')
    .description('Write the first files of an environment or a task; they pass proctor check as they are.')
    .addCommand(newEnvironmentCommand())
    .addCommand(newTaskCommand());
}

function newEnvironmentCommand(): Command {
  return new Command('environment')
    .description(
      'An environment with two tools, a state and a policy rule, or with those of an MCP server; and a first task for it.',
    )
    .argument('[name]', 'asked for where it is left out')
    .addOption(
      new Option('--tools <placement>', 'TypeScript in Proctor’s process, or Python in the sandbox').choices([
        'host',
        'sandbox',
      ]),
    )
    .addOption(
      new Option(
        '--mcp [server]',
        'an MCP server to take the tools of: "npx -y PACKAGE …", the URL of one, or a command of --image; left out, what that image starts',
      ).conflicts('tools'),
    )
    .option(
      '--http <port>',
      'where the MCP server speaks streamable HTTP in the sandbox, such as 3001 or 8080/api/mcp',
      endpoint,
    )
    .option('--only <tools>', 'of the server’s tools, those the agent is shown (a,b)', (text) =>
      text.split(',').map((one) => one.trim()),
    )
    .addOption(
      new Option('--env <name=value>', 'a variable for the MCP server (repeatable)').argParser(
        collectVariables,
      ),
    )
    .option(
      '--header <name: value>',
      'a header for the MCP server at a URL, with its secret in a variable, such as "Authorization: Bearer ${TOKEN}" (repeatable)',
      (text: string, before: string[] = []) => [...before, text],
    )
    .option(
      '--seed <folder>',
      'data that is in the npm server’s folder before it starts: FOLDER, or FOLDER:/folder-in-the-sandbox',
    )
    .option('--packages <names>', 'Debian packages that the npm server needs beside Node.js (a,b)', (text) =>
      text.split(',').map((one) => one.trim()),
    )
    .addOption(
      new Option(
        '--again',
        'go on with an MCP server’s environment that was kept for mending: ask the server for its tools and write what is missing',
      ).conflicts(['mcp', 'tools', 'image', 'http', 'env', 'header', 'seed', 'packages']),
    )
    .option(
      '--image <image>',
      'image to start from, or a folder of sandbox-images/; with --mcp the one that has the server',
    )
    .addOption(runtimeOption())
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .action(async (name, flags) => (await import('./new.ts')).newEnvironmentFromFlags(name, flags));
}

function newTaskCommand(): Command {
  return new Command('task')
    .description('A task with a reference, a wrong agent and a verifier.')
    .argument('[suite/name]', 'asked for where it is left out')
    .option('--environment <name>', 'the environment it takes place in; else that of the suite’s name')
    .option('--generated', 'one whose instances follow from a seed, by its generate.ts')
    .addOption(environmentsOption())
    .addOption(tasksOption())
    .action(async (name, flags) => (await import('./new.ts')).newTaskFromFlags(name, flags));
}

function cleanCommand(): Command {
  return new Command('clean')
    .description(
      'Remove the sandboxes that killed runs or `replay --keep` left behind; runs that are alive keep theirs.',
    )
    .action(async () => (await import('./doctor.ts')).clean());
}

function doctorCommand(): Command {
  return new Command('doctor')
    .description('Say what works on this machine, and what to do about the rest.')
    .addOption(outOption())
    .action(async (flags) => (await import('./doctor.ts')).doctor(flags));
}

/** Parses `PORT` or `PORT/PATH`. */
function endpoint(text: string): { port: number; path?: string } {
  const [, port, path] = /^(\d{1,5})(\/\S*)?$/.exec(text) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new InvalidArgumentError('expected a port, or PORT/PATH');
  return { port: Number(port), ...(path !== undefined && { path }) };
}

/** Parses `NAME=VALUE`. */
function collectVariables(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
