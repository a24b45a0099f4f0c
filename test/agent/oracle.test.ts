import { expect, it } from 'vitest';
import { nopAgent } from '../../src/agent/nop.ts';
import { oracleAgent } from '../../src/agent/oracle.ts';
import { taskFolder } from './task-folder.ts';
import { decide, firstView, viewAfter } from './view.ts';

const work = { tool: 'bash', arguments: { command: 'work' } };
const answer = { tool: 'submit', arguments: { answer: '42' } };

async function decisions(files: Record<string, unknown>) {
  const session = await oracleAgent().open(await taskFolder(files));
  const first = await decide(session, firstView);
  const view = viewAfter(firstView, first, ['']);
  const second = await decide(session, view);
  const third = await decide(session, viewAfter(view, second, ['']));
  return [first, second, third].map(({ calls }) => calls);
}

it('plays the reference before the solution', async () => {
  const files = { 'reference.json': [work, answer], 'solution/solve.sh': 'true' };
  expect(await decisions(files)).toEqual([[work], [answer], []]);
});

it('submits where the reference does not', async () => {
  expect(await decisions({ 'reference.json': [work] })).toEqual([
    [work],
    [{ tool: 'submit', arguments: {} }],
    [],
  ]);
});

/** What runs a script that does not say by what. */
const bashOrSh = '"$(command -v bash || echo sh)"';

it('runs the solution in one call where there is no reference', async () => {
  expect(await decisions({ 'solution/solve.sh': 'true' })).toEqual([
    [
      {
        tool: 'bash',
        arguments: { command: `DEBIAN_FRONTEND=noninteractive ${bashOrSh} /solution/solve.sh` },
      },
    ],
    [{ tool: 'submit', arguments: {} }],
    [],
  ]);
});

it.each([
  ['#!/bin/bash -e\n', '/bin/bash -e'],
  ['#!/usr/bin/env bash\n', 'bash'],
  ['#! /usr/bin/env python3\nprint()\n', '/usr/bin/env python3'],
  ['true\n', bashOrSh],
])('runs a solution that begins with %j by %s', async (text, program) => {
  const [calls] = await decisions({ 'solution/solve.sh': text, 'task.toml': 'newer = 1\n' });
  expect(calls).toEqual([
    { tool: 'bash', arguments: { command: `DEBIAN_FRONTEND=noninteractive ${program} /solution/solve.sh` } },
  ]);
});

it('says what it misses in a task without either', async () => {
  await expect(decisions({})).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/task demo .*expected reference.json or solution\/solve.sh/),
  });
});

it('notices such a task before any is begun', async () => {
  const good = await taskFolder({ 'solution/solve.sh': 'true' });
  const bad = await taskFolder({ 'solution/README.md': 'Try harder.' });
  await expect(oracleAgent().check?.([good.task])).resolves.toBeUndefined();
  await expect(oracleAgent().check?.([good.task, bad.task])).rejects.toMatchObject({ code: 'not-found' });
});

it('submits nothing at once as nop', async () => {
  const session = await nopAgent().open(await taskFolder({}));
  expect(await decide(session, firstView)).toEqual({ calls: [{ tool: 'submit', arguments: {} }] });
});
