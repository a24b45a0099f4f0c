import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Words that once stood for the harness, for an environment or a sandbox, and for nothing any more. */
const retired = /\b(house|warden|how manieth|seat(s|ed)? agents?)\b/i;

/** Where old traces are read the old words stand. */
const readsOldTraces = new Set(['src/trace/upgrade.ts']);

it.each(['src', 'environments', 'sandbox-images'])(
  '%s says what things are in the terms of the field',
  (dir) => {
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .map((file) => join(dir, file))
      .filter((file) => /\.(tsx?|md|py|toml|css)$/.test(file) && !readsOldTraces.has(file));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => retired.test(readFileSync(file, 'utf8')))).toEqual([]);
  },
);
