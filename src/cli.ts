#!/usr/bin/env node
import { CommanderError } from 'commander';
import { goThroughProxies } from './cli/environment-proxy.ts';
import { exitCodeOf, report } from './cli/failure.ts';
import { proctorProgram } from './cli/program.ts';
import { loadProjectOf } from './cli/project.ts';

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await goThroughProxies(process.env);
  await loadProjectOf(process.cwd());
  await proctorProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    report(error);
    process.exitCode = exitCodeOf(error);
  }
}

// What a command leaves open, such as a stream to an engine, must not keep its user waiting.
process.stdout.write('', () => process.exit());
