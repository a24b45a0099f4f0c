import { Command } from 'commander';
import { proctorVersion } from '../version.ts';
import { bisectCommand } from './bisect.ts';
import { checkCommand } from './check.ts';
import { cleanCommand } from './clean.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { forkCommand } from './fork.ts';
import { importCommand } from './import.ts';
import { newCommand } from './new.ts';
import { openCommand } from './open.ts';
import { replayCommand } from './replay.ts';
import { reportCommand } from './report.ts';
import { resumeCommand } from './resume.ts';
import { runCommand } from './run.ts';
import { scoreCommand } from './score.ts';
import { showCommand } from './show.ts';
import { viewCommand } from './view.ts';

/** The whole command line. A wrong flag throws commander's error instead of ending the process. */
export function proctorProgram(): Command {
  const program = new Command('proctor')
    .description(
      'Runs model agents on tasks in isolated sandboxes, records everything they do, and scores every step.',
    )
    .version(proctorVersion)
    .addCommand(runCommand())
    .addCommand(showCommand())
    .addCommand(scoreCommand())
    .addCommand(reportCommand())
    .addCommand(viewCommand())
    .addCommand(checkCommand())
    .addCommand(openCommand())
    .addCommand(newCommand())
    .addCommand(replayCommand())
    .addCommand(forkCommand())
    .addCommand(resumeCommand())
    .addCommand(bisectCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(cleanCommand())
    .addCommand(doctorCommand());
  catchMistakes(program, program.name());
  return program;
}

/** Lets a wrong flag of a command, or of one below it, throw, with a word on where help is. */
function catchMistakes(command: Command, called: string): void {
  command.exitOverride().showHelpAfterError(`(see ${called} --help)`);
  for (const one of command.commands) catchMistakes(one, `${called} ${one.name()}`);
}
