import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { loadEnvironment } from '../../src/environment/load.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf } from '../folder.ts';

const toml = 'name = "mine"\ndescription = "Mine."\n';

describe('an environment folder', () => {
  test('is found in a root, with the image beside the root or in the folder itself', () => {
    const root = folderOf({
      'environments/mine/environment.toml': `${toml}image = "box"\nguidance = "g.md"\n`,
      'environments/mine/g.md': 'Be kind.\n',
      'environments/mine/seed.json': '{"a": 1}',
      'sandbox-images/box/Dockerfile': 'FROM scratch\n',
      'environments/own/environment.toml': 'name = "own"\ndescription = "Own."\nimage = "."\n',
      'environments/own/Dockerfile': 'FROM scratch\n',
    });
    const roots = [join(root, 'environments')];
    expect(loadEnvironment('mine', { roots })).toMatchObject({
      guidance: 'Be kind.',
      seed: { a: 1 },
      image: { kind: 'build', context: join(root, 'sandbox-images/box') },
    });
    expect(loadEnvironment('own', { roots }).image).toMatchObject({
      context: join(root, 'environments/own'),
    });
  });

  test('that is not there is answered with the nearest name', () => {
    expect(() => loadEnvironment('support-dsk')).toThrow(
      /^no environment "support-dsk"; expected a folder with environment\.toml in .*; did you mean "support-desk"\?$/,
    );
  });

  test.each([
    ['another name than its folder', 'name = "other"\ndescription = "x"\n', 'name: expected "mine"'],
    ['an image that is nowhere', `${toml}image = "nowhere"\n`, 'image: no image "nowhere"; expected '],
    ['guidance that is not there', `${toml}guidance = "g.md"\n`, 'g.md: missing file'],
    [
      'a host module that is not there',
      `${toml}[[servers]]\nname = "s"\nplacement = "host"\nmodule = "m.ts"\n`,
      'servers[0].module: no file ',
    ],
    ['the state of an unknown server', `${toml}[state]\nserver = "s"\n`, 'state.server: no host server "s"'],
    ['an unknown key', `${toml}bulitin = []\n`, 'bulitin: unknown key; did you mean "builtin"?'],
  ])('with %s is refused in one line', (_, text, message) => {
    const root = folderOf({ 'mine/environment.toml': text });
    expect(() => loadEnvironment('mine', { roots: [root] })).toThrow(message);
    expect(() => loadEnvironment('mine', { roots: [root] })).toThrow(/^[^\n]*$/);
  });
});

describe('the environment of a task', () => {
  const task = (files: Record<string, string>) =>
    loadTask(folderOf({ 'task.toml': '', 'instruction.md': 'Do it.', 'tests/test.sh': 'true', ...files }));

  test('is the built-in one where the task brings its own image, with the image’s last working directory', () => {
    const own = task({ 'environment/Dockerfile': 'FROM scratch\nWORKDIR /a\nWORKDIR /srv/b\n' });
    expect(environmentOf(own)).toMatchObject({ name: 'built-in', dir: '', config: { workdir: '/srv/b' } });
  });

  test.each([
    [
      '[[milestones]]\nname = "m"\ncheck = "state.x =="\n[verify]\nby = "answer"\nexact = "1"\n',
      /milestones\[0\]\.check, line 1 column 11: Unexpected token/,
    ],
    [
      '[verify]\nby = "state"\nmust = [{ name = "m", check = "stat.x == 1" }]\n',
      /proctor\.toml: verify\.must\[0\]\.check, line 1 column 1: Unknown variable: stat; did you mean "state"\?$/,
    ],
    [
      '[[milestones]]\nname = "m"\ncommand = "true"\n[verify]\nby = "answer"\nexact = "1"\n',
      /milestones\[0\]\.command: environment "support-desk" has no sandbox/,
    ],
    ['[verify]\nby = "script"\n', /verify\.by: environment "support-desk" has no sandbox/],
  ])('is refused where the task asks for what cannot be: %s', (text, message) => {
    expect(() => environmentOf(task({ 'proctor.toml': `environment = "support-desk"\n${text}` }))).toThrow(
      message,
    );
  });

  test('is refused where a check asks for a state that is not declared', () => {
    const root = folderOf({ 'mine/environment.toml': toml });
    const asking = task({
      'proctor.toml':
        'environment = "mine"\n[verify]\nby = "state"\nmust = [{ name = "m", check = "true" }]\n',
    });
    expect(() => environmentOf(asking, { roots: [root] })).toThrow('environment "mine" declares no state');
  });
});
