import { Command } from 'commander';
import { proctorVersion } from '../version.ts';
import { authorCommands } from './author-commands.ts';
import { runCommands } from './run-commands.ts';
import { suiteCommands } from './suite-commands.ts';
import { traceCommands } from './trace-commands.ts';

/** The whole command line. A wrong flag throws commander's error instead of ending the process. */
export function proctorProgram(): Command {
  const program = new Command('proctor')
    .description(
      'Runs model agents on tasks in isolated sandboxes, records everything they do, and scores every step.',
    )
    .version(proctorVersion);
  const [run, ...others] = runCommands();
  const commands = [run, ...traceCommands(), ...suiteCommands(), ...others, ...authorCommands()];
  for (const command of commands) if (command) program.addCommand(command);
  catchMistakes(program, program.name());
  return program;
}

/** Lets a wrong flag of a command, or of one below it, throw, with a word on where help is. */
function catchMistakes(command: Command, called: string): void {
  command.exitOverride().showHelpAfterError(`(see ${called} --help)`);
  for (const one of command.commands) catchMistakes(one, `${called} ${one.name()}`);
}
