import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findTrace } from '../../src/trace/find-trace.ts';
import { proctor } from '../cli/proctor.ts';
import { temporaryFolder } from '../folder.ts';
import { missingLine, shownCommands } from './console.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = readme.slice(
  readme.indexOf('## The debugger: which step, and why'),
  readme.indexOf('## The environment author'),
);
const [, shownRun = '', shownTrial = ''] = /trace (\S+)\/(\S+) · /.exec(section) ?? [];
const [, shownFork = ''] = /^(\S+) goes on from/m.exec(section) ?? [];

it('the README’s debugging journey, run as it stands, prints what it shows and ends in a passing trial', async () => {
  const out = temporaryFolder();
  const env = { PROCTOR_TRACES: out, DOCKER_HOST: 'tcp://127.0.0.1:9' };
  const names = new Map<string, string>([[`traces/${shownRun}`, join(out, shownRun)]]);
  const real = (text: string) =>
    [...names].reduce((result, [shown, actual]) => result.replaceAll(shown, actual), text);
  const commands = shownCommands(section);
  const [failed] = commands;
  expect(commands.map(({ args }) => args[0])).toEqual(['run', 'show', 'replay', 'bisect', 'replay', 'fork']);
  for (const command of commands) {
    const input = command.typed.map((line) => `${line}\n`).join('');
    const { code, stdout } = await proctor(command.args.map(real), { env, input });
    const newest = findTrace('last', out);
    if (command === failed) names.set(shownTrial, newest.trial).set(shownRun, readdirSync(out)[0] ?? '');
    if (command.args[0] === 'fork') names.set(shownFork, newest.trial);
    const missing = missingLine(command.printed.map(real), stdout);
    expect({ command: command.args.join(' '), code, missing, ...(missing && { stdout }) }).toEqual({
      command: command.args.join(' '),
      code: 0,
      missing: undefined,
    });
  }
  const { stdout } = await proctor(['show', findTrace('last', out).trial, '--json'], { env });
  expect(JSON.parse(stdout).score.completion).toMatchObject({ success: true });
});

it('the README’s picture is what a run of the quickstart prints, but for ids and times', async () => {
  const [picture] = shownCommands(readme);
  const env = { PROCTOR_TRACES: temporaryFolder(), DOCKER_HOST: 'tcp://127.0.0.1:9' };
  const { code, stdout } = await proctor(picture?.args ?? [], { env });
  const withoutIds = (text: string) => text.replace(/^[0-9a-z]{6}(?= {2}quickstart)/gm, '‹trial›');
  const shown = (picture?.printed ?? []).filter((line) => line !== '').map(withoutIds);
  const missing = missingLine(shown, withoutIds(stdout));
  expect({ code, missing }).toEqual({ code: 0, missing: undefined });
  expect(shown.length).toBeGreaterThan(20);
});
