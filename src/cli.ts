#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { cleanCommand } from './cli/clean.ts';
import { doctorCommand } from './cli/doctor.ts';
import { exitCodeOf, report } from './cli/failure.ts';
import { reportCommand } from './cli/report.ts';
import { runCommand } from './cli/run.ts';
import { scoreCommand } from './cli/score.ts';
import { showCommand } from './cli/show.ts';
import { proctorVersion } from './orchestrator/version.ts';

const program = new Command('proctor')
  .description(
    'Seats a model agent in a sealed room with tools, records everything it does, and marks every step.',
  )
  .version(proctorVersion)
  .showHelpAfterError('(see proctor --help)')
  .exitOverride()
  .addCommand(runCommand())
  .addCommand(showCommand())
  .addCommand(scoreCommand())
  .addCommand(reportCommand())
  .addCommand(cleanCommand())
  .addCommand(doctorCommand());

for (const command of program.commands)
  command.exitOverride().showHelpAfterError(`(see proctor ${command.name()} --help)`);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    report(error);
    process.exitCode = exitCodeOf(error);
  }
}
