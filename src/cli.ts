#!/usr/bin/env node
import { CommanderError } from 'commander';
import { goThroughProxies } from './cli/environment-proxy.ts';
import { exitCodeOf, report } from './cli/failure.ts';
import { proctorProgram } from './cli/program.ts';
import { loadProjectOf } from './cli/project.ts';
import { ProctorError } from './errors.ts';

/** A reader that has seen enough, such as `head`, is no failure; a full disk is. */
function endUnwritten(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit();
  const lost = new ProctorError(
    error.code === 'ENOSPC' ? 'disk-full' : 'trace-write-failed',
    `what was to be printed could not be written: ${error.message}`,
  );
  report(lost);
  process.exit(exitCodeOf(lost));
}
process.stdout.on('error', endUnwritten);

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
process.stdout.write('', (error) => (error ? endUnwritten(error) : process.exit()));
