import type { RecordTables } from '../../schema/state.ts';
import type { Trial } from '../../schema/trial.ts';

/** What is declared of one file with records, and its records before the first step. */
export interface StoredRecords {
  path: string;
  owner?: string;
  tables: RecordTables;
  /** Why they could not be read, then or later. */
  unread?: string;
}

/** The files with records that there were before the first step. */
export function storedRecords({ started, initial, steps }: Trial): StoredRecords[] {
  const tree = (initial?.value ?? {}) as Record<string, unknown>;
  return (started.records ?? [])
    .filter(({ path }) => !path.includes(ownerMark))
    .map(({ path, owner }) => {
      const changed = steps.flatMap(({ state }) => (state?.changes ?? []).filter((one) => one.path === path));
      const unread = [tree[path], ...changed.map(({ after }) => after)].map(unreadOf).find(Boolean);
      return {
        path,
        tables: recordsOf(tree[path]),
        ...(owner !== undefined && { owner }),
        ...(unread !== undefined && { unread }),
      };
    });
}

/** Whether records could be read before and after a change. */
export const tellsRecords = ({ before, after }: { before?: unknown; after?: unknown }) =>
  unreadOf(before) === undefined && unreadOf(after) === undefined;

/** The records of an entry of the state; none where it has none. */
export function recordsOf(entry: unknown): RecordTables {
  const { records = {} } = (entry ?? {}) as { records?: RecordTables };
  return records;
}

const ownerMark = '{owner}';

/** The owner of a file by its path, as declared with `{owner}`; undefined where it has none. */
export function ownerByPath({ started }: Trial): (path: string) => string | undefined {
  const patterns = (started.records ?? [])
    .filter(({ path }) => path.includes(ownerMark))
    .map(({ path }) => patternOf(path));
  return (path) => {
    for (const pattern of patterns) {
      const owner = pattern.exec(path)?.[1];
      if (owner !== undefined) return owner;
    }
    return undefined;
  };
}

function patternOf(glob: string): RegExp {
  const parts: Record<string, string> = { [ownerMark]: '([^/]+?)', '/**': '/.+', '*': '[^/]*' };
  const source = glob.replace(/\{owner\}|\/\*\*|\*|[.+?^${}()|[\]\\]/g, (part) => parts[part] ?? `\\${part}`);
  return new RegExp(`^${source}$`);
}

/** Whether a record that names this owner is somebody else's; one that names none is nobody's. */
export function isOther(owner: unknown, principal: string): boolean {
  if (owner === undefined || owner === null || owner === '') return false;
  return String(owner).toLowerCase() !== principal.toLowerCase();
}

function unreadOf(entry: unknown): string | undefined {
  const { unread } = (entry ?? {}) as { unread?: string };
  return unread;
}
