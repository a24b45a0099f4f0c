#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeOf, report } from './cli/failure.ts';
import { proctorProgram } from './cli/program.ts';

try {
  await proctorProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    report(error);
    process.exitCode = exitCodeOf(error);
  }
}
