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

/** A keeper that surveys one file again and again. */
function surveying(canList = true) {
  const asked: string[] = [];
  const may = { now: 'r--' };
  const keeper = new RightsKeeper(async (command) => {
    asked.push(command);
    return list('/a', `user:33:${may.now}\n`);
  });
  const survey = async (key: string, changed: { owner?: string; inode?: string; fresh?: boolean } = {}) => {
    const tree = { '/a': entry };
    const found = { path: '/a', entry, key, owner: '0:0', inode: '1', fresh: false, ...changed };
    await keeper.keep(tree, [found], '/a', canList ? 'lists access\n' : '');
    return tree;
  };
  return { keeper, survey, asked, may };
}

it('reads lists of changed entries only, and again of those that changed just now', async () => {
  const { keeper, survey, asked, may } = surveying();
  expect(keeper.question).toContain('getfacl');
  const first = await survey('k');
  expect(keeper.question).toBe('');
  await survey('k');
  expect(asked).toHaveLength(1);
  const fresh = await survey('other', { fresh: true });
  expect(keeper.between(first, fresh)).toEqual([]);
  may.now = 'rw-';
  const last = await survey('other');
  expect(asked).toHaveLength(3);
  const rights = (acl: string) => ({ owner: '0:0', acl: [`user:33:${acl}`] });
  expect(keeper.between(first, last)).toEqual([{ path: '/a', before: rights('r--'), after: rights('rw-') }]);
});

it('tells what changed between any two surveys, and whether another file stands there', async () => {
  const { keeper, survey } = surveying(false);
  const first = await survey('k');
  const second = await survey('l', { owner: '33:0', inode: '2' });
  const third = await survey('m', { owner: '34:0', inode: '2' });
  const back = await survey('n', { inode: '2' });
  expect(keeper.between(first, third)).toEqual([
    { path: '/a', before: { owner: '0:0' }, after: { owner: '34:0' }, anew: true },
  ]);
  expect(keeper.between(second, third)).toEqual([
    { path: '/a', before: { owner: '33:0' }, after: { owner: '34:0' } },
  ]);
  expect(keeper.between(first, back)).toEqual([]);
  expect(keeper.between({}, third)).toEqual([]);
});

it('asks nothing of an image that has no such lists', async () => {
  const { survey, asked } = surveying(false);
  await survey('k');
  expect(asked).toEqual([]);
});
