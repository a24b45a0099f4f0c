import { expect, it } from 'vitest';
import { parseLists, RightsKeeper } from '../../../src/sandbox/docker/file-rights.ts';

const list = (path: string, ...lines: string[]) =>
  ['# file: ', path, '\n# owner: 0\n# group: 0\nuser::rw-\n', ...lines, 'group::r--\nother::r--\n\n'].join(
    '',
  );

it('takes from access lists what they grant by name, as far as the mask lets them', () => {
  const output =
    list('/a\\040b', 'user:33:rwx\t\t#effective:r--\n', 'mask::r--\n') + list('/c', 'default:group:5:r-x\n');
  expect([...parseLists(output)]).toEqual([
    ['/a b', ['user:33:r--']],
    ['/c', ['default:group:5:r-x']],
  ]);
  expect(parseLists(list('/d'))).toEqual(new Map());
});

const entry = { type: 'file', mode: '644', size: 1 } as const;
const found = (key: string, owner = '0:0', fresh = false) => ({
  path: '/a',
  entry,
  key,
  owner,
  inode: '1',
  fresh,
});

it('reads lists of changed entries only, and gives the same object for what is as it was', async () => {
  const asked: string[] = [];
  const keeper = new RightsKeeper(async (command) => {
    asked.push(command);
    return list('/a', 'user:33:r--\n');
  });
  expect(keeper.question).toContain('getfacl');
  const first = await keeper.of([found('k')], '/a', 'lists access\n');
  expect(keeper.question).toBe('');
  const second = await keeper.of([found('k')], '/a', '');
  expect(asked).toHaveLength(1);
  expect(second.get('/a')).toBe(first.get('/a'));
  await keeper.of([found('other', '0:0', true)], '/a', '');
  const last = await keeper.of([found('other')], '/a', '');
  expect(asked).toHaveLength(3);
  expect(last.get('/a')).toBe(first.get('/a'));
  expect((await keeper.of([found('more', '33:0')], '/a', '')).get('/a')?.owner).toBe('33:0');
});

it('asks nothing of an image that has no such lists', async () => {
  const keeper = new RightsKeeper(() => Promise.reject(new Error('not to be asked')));
  expect((await keeper.of([found('k')], '/a', '')).get('/a')).toEqual({ owner: '0:0', inode: '1' });
});
