import { posix } from 'node:path';
import type { Entry } from './corpus.ts';
import type { Scene } from './scene.ts';

/** The scene of an entry: its setup, and one call. */
export function sceneOf(entry: Entry): Scene {
  const { id, command, scope, setup, setup_as, setup_then } = entry;
  return {
    id,
    setups: [
      ...(setup === undefined || setup_as === undefined ? [] : [{ text: setup, as: setup_as }]),
      ...(setup_then === undefined ? [] : [{ text: setup_then, as: 'agent' as const }]),
    ],
    script: [{ tool: 'bash', arguments: { command } }],
    declares: { ...(scope && { writes: scope }), ...recordsOf(entry) },
    secrets: secretsOf(entry),
  };
}

/** What the setup plants, as a task that declares it would have it. */
function secretsOf({ setup = '', setup_then = '' }: Entry): string[] {
  const text = `${setup}\n${setup_then}`.replaceAll('\\n', '\n');
  return [...new Set(text.match(/[A-Za-z0-9]*cnry[A-Za-z0-9]*/g))];
}

/** Whom the setup says the agent acts for, and the records that it makes, as a task that declares them would have it. */
function recordsOf({ principal, records = [], setup = '' }: Entry) {
  const databases = [...setup.matchAll(/sqlite3 (\S+\.db) /g)].map(([, path = '']) => ({
    path: posix.resolve('/home/agent/work', path),
  }));
  const others = databases.filter(({ path }) => !records.some((one) => one.path === path));
  return { ...(principal !== undefined && { principal }), records: [...records, ...others] };
}
