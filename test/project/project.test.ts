import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { leftOut } from './closing-line.ts';
import { projects } from './projects.ts';

const root = new URL('../..', import.meta.url).pathname;
const refusal = /a unit test starts .*; name .*project\.test\.ts \*\.engine\.test\.ts/;

describe('test files', () => {
  it('end in a way that puts them into one project', () => {
    const files = readdirSync(`${root}/test`, { encoding: 'utf8', recursive: true }).filter((file) =>
      file.endsWith('.test.ts'),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => !/(^|\/)[a-z0-9-]+(\.engine|\.suite)?\.test\.ts$/.test(file))).toEqual([]);
  });

  it('are run by the package’s scripts: all by test:all, and all but the suites by test', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    expect(scripts['test:all']).toMatch(/vitest run --config test\/vitest\.config\.ts$/);
    expect(scripts.test.match(/--project \w+/g)).toEqual(['--project unit', '--project engine']);
    const hooks = ['prepare', 'prepack', 'postpack'];
    expect(Object.keys(scripts).filter((name) => !hooks.includes(name)).length).toBeLessThanOrEqual(7);
  });
});

describe('a unit test', () => {
  it('cannot start a program', () => {
    expect(() => spawn('true')).toThrow(refusal);
    expect(() => execFile('true')).toThrow(refusal);
  });

  it('cannot start a thread, as embedded sandboxes and host modules have', () => {
    expect(() => new Worker('./thread.ts')).toThrow(refusal);
  });

  it('cannot talk to a container engine', () => {
    expect(() => connect({ path: '/var/run/docker.sock' })).toThrow(refusal);
  });
});

describe('the last lines of a test run', () => {
  it('say which projects were left out, and how to run them', () => {
    expect(leftOut(['unit', 'engine'])).toMatch(
      /^left out: suites \(.*\); npm run test:all runs everything\n$/,
    );
    expect(leftOut(projects.map(({ name }) => name))).toBe('');
  });
});
