import { describe, expect, it } from 'vitest';
import { ProgramTree } from '../../../src/sandbox/docker/program-tree.ts';
import type { StartedProgram } from '../../../src/schema/started-program.ts';

const program = (id: number, by: number, pid: number, ...args: string[]): StartedProgram => ({
  ...{ id, by, pid, ppid: 1, uid: 1000, at: '2026-12-01T00:00:00.000Z' },
  ...{ file: `/bin/${args[0]}`, args },
});
const idsOf = (tree: ProgramTree) => tree.take().programs.map(({ id, by }) => [id, by]);

describe('a tree of programs', () => {
  it('keeps what came of the process that is followed, and nothing else that is started beside it', () => {
    const tree = new ProgramTree();
    tree.add(program(1, 0, 50, 'sh'));
    tree.add(program(2, 0, 60, 'find'));
    tree.follow(50);
    tree.add(program(3, 1, 50, 'sh'));
    tree.add(program(4, 3, 51, 'agent'));
    tree.add(program(5, 2, 61, 'sort'));
    tree.add(program(6, 4, 52, 'git'));
    expect(idsOf(tree)).toEqual([
      [4, 0],
      [6, 4],
    ]);
    tree.add(program(7, 6, 53, 'ssh'));
    tree.add(program(8, 0, 50, 'sh'));
    expect(idsOf(tree)).toEqual([[7, 6]]);
  });

  it('follows another process from its start, though that is told before which one it is, and goes on with the first', () => {
    const tree = new ProgramTree();
    tree.follow(50);
    tree.add(program(1, 0, 50, 'sh'));
    tree.add(program(2, 1, 51, 'agent'));
    tree.expect();
    for (const early of [program(3, 0, 70, 'sh'), program(4, 3, 71, 'agent'), program(5, 2, 52, 'ls')])
      tree.add(early);
    tree.follow(70);
    tree.add(program(6, 4, 72, 'id'));
    expect(idsOf(tree)).toEqual([
      [2, 0],
      [5, 2],
      [4, 0],
      [6, 4],
    ]);
  });

  it('counts what it has no room for by the nearest that is kept, and never leaves out those near the agent for those far from it', () => {
    const tree = new ProgramTree();
    tree.follow(50);
    tree.add(program(1, 0, 50, 'sh'));
    for (let id = 2; id <= 6; id++) tree.add(program(id, id - 1, 100 + id, 'nested'));
    for (let id = 7; id < 1_007; id++) tree.add(program(id, 6, id, 'cc', 'x'.repeat(2_000)));
    tree.add(program(2_000, 1_006, 3_000, 'as'));
    tree.add(program(2_001, 2, 3_001, 'beside'));
    const { programs, more } = tree.take();
    expect(programs.slice(-1)[0]).toMatchObject({ id: 2_001, by: 2 });
    expect(programs.filter(({ file }) => file === '/bin/cc')).toHaveLength(299);
    expect(programs[10]).toMatchObject({ cut: true, args: ['cc', 'x'.repeat(998)] });
    expect(more).toEqual({ 6: 702 });
  });
});
