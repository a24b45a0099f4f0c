import type { Migration } from './migration.ts';
import { workTables } from './tables.ts';

/** Everything that makes a database one of Proctor's, in the order in which it was added. */
export const migrations: readonly Migration[] = [workTables];
