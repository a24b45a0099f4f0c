import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engine, engineNote } from '../engine.ts';
import { folderOf } from '../folder.ts';
import { type Finished, proctor } from './proctor.ts';

/** The text that authors follow; another one can be tried by its path. */
const guide = process.env.PROCTOR_AUTHORS_GUIDE ?? 'environments/README.md';
const text = existsSync(guide) ? readFileSync(guide, 'utf8') : '';
const example = /^## A worked example, from nothing\n([\s\S]*?)(?=\n## |$(?![\s\S]))/m.exec(text)?.[1] ?? '';

type Action = { file: string; content: string } | { commands: string[] };

/** What the text tells to do, in order: files under their names in bold, and commands in `sh` fences. */
function actionsOf(markdown: string): Action[] {
  const told = /^(?:\*\*`(.+)`\*\*\n\n)?```(\w*)\n([\s\S]*?)^```$/gm;
  return [...markdown.matchAll(told)].flatMap(([, file, language, content = '']): Action[] => {
    if (file !== undefined) return [{ file, content }];
    return language === 'sh' ? [{ commands: content.trim().split('\n') }] : [];
  });
}

/** Does what is told up to the given number of commands, in a folder that is empty at first; gives what each command did. */
async function follow(actions: Action[], most: number): Promise<Finished[]> {
  const cwd = folderOf({});
  const finished: Finished[] = [];
  for (const action of actions) {
    if (finished.length === most) break;
    if ('commands' in action) {
      for (const command of action.commands) finished.push(await run(command, cwd));
      continue;
    }
    mkdirSync(dirname(join(cwd, action.file)), { recursive: true });
    writeFileSync(join(cwd, action.file), action.content);
  }
  return finished;
}

function run(command: string, cwd: string): Promise<Finished> {
  const [program, ...args] = command.split(' ');
  if (program !== 'proctor') throw new Error(`expected a command of proctor, got: ${command}`);
  return proctor(args, { cwd });
}

describe('the worked example of the authors’ guide', () => {
  const actions = actionsOf(example);

  test('has files and commands', () => {
    expect(actions.filter((action) => 'file' in action).length).toBeGreaterThan(10);
    expect(actions.filter((action) => 'commands' in action)).toHaveLength(2);
  });

  test('gives a proven environment with a host tool, wherever it is followed', async () => {
    const [check] = await follow(actions, 1);
    expect(check?.stderr).not.toContain('proctor:');
    expect(check?.stdout).toContain('all 2 hold');
    expect(check?.code).toBe(0);
  });

  test.skipIf(!engine)(
    `gives a proven environment with a Python tool in its container${engineNote}`,
    async () => {
      const [, check] = await follow(actions, 2);
      expect(check?.stdout).toContain('sandbox: docker');
      expect(check?.stdout).toContain('all 2 hold');
      expect(check?.stdout).toContain(example.match(/^bakery\/twelve-loaves.*$/m)?.[0]);
      expect(check?.code).toBe(0);
    },
    400_000,
  );
});
