import type { StartedProgram } from '../../src/schema/started-program.ts';
import type { MadeStep } from './trace-builder.ts';

/** A program that was started: its number, whose doing it is, its process, and its words; the file is the first of these. */
export const program = (id: number, by: number, pid: number, ...args: string[]): StartedProgram => ({
  ...{ id, by, pid, ppid: 1, uid: 1000, at: '2026-12-01T00:00:00.000Z' },
  ...{ file: args[0] ?? '', args },
});

/** What was started in a step, where all of it was seen. */
export const started = (...programs: StartedProgram[]): NonNullable<MadeStep['started']> => ({
  ...{ programs, more: {}, lost: 0 },
});
