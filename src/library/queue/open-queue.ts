import { activityTable } from '../../queue/activity.ts';
import { budgetTables } from '../../queue/budget/tables.ts';
import type { Database } from '../../queue/database.ts';
import { migrations } from '../../queue/migrations.ts';

/** Opens the database that machines share their runs in; loaded only where one is named. Throws `bad-flag` or `queue-unreachable`. */
export async function openQueue(url: string, connections?: number): Promise<Database> {
  const { openDatabase } = await import('../../queue/database.ts');
  return openDatabase(url, {
    migrations: [...migrations, budgetTables, activityTable],
    ...(connections !== undefined && { connections }),
  });
}
