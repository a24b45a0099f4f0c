import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';

/** Floors of the house, top first; a folder of src knows only the floors below its own. */
const floors = [
  ['cli', 'cli.ts', 'index.ts'],
  ['replay', 'check'],
  ['run-trials.ts'],
  ['orchestrator', 'report', 'viewer', 'interop'],
  ['scored-trace.ts'],
  ['tool', 'agent', 'scoring', 'score-file.ts'],
  ['task', 'environment', 'sandbox', 'policy', 'trace', 'record'],
  ['schema', 'statistic', 'format.ts', 'errors.ts', 'version.ts'],
];

/** Arrows within a floor that are there on purpose. */
const neighbours: Record<string, string[]> = {
  // The top composes.
  cli: ['cli.ts', 'index.ts'],
  'cli.ts': ['cli'],
  'index.ts': ['cli'],
  // Types of the rooms a task is set in; what sits in a room is handed over by name of its interface.
  environment: ['task', 'sandbox'],
  task: ['sandbox'],
  // The nouns and the one error class are the ground.
  schema: ['errors.ts'],
};

/** Libraries that belong to one place, and why. */
const ownedLibraries = [
  {
    library: 'dockerode',
    place: /^src\/sandbox\/docker\//,
    why: 'only the docker provider speaks to an engine',
  },
  { library: 'just-bash', place: /^src\/sandbox\/embedded\//, why: 'only the embedded provider runs it' },
  {
    library: '@modelcontextprotocol/sdk',
    place: /^src\/tool\/mcp\.ts$/,
    why: 'one file speaks MCP, so that one file changes with it',
  },
  {
    library: 'xstate',
    place: /^src\/orchestrator\//,
    why: 'the orchestrator is the only user of the state machine',
  },
  { library: 'openai', place: /^src\/agent\/openai\//, why: 'one agent speaks to model endpoints' },
  { library: 'commander', place: /^src\/cli(\/|\.ts)/, why: 'flags are the command line’s business' },
  { library: 'pino', place: /^src\/cli\//, why: 'the log is opened at the top and handed down' },
];

const room = (path: string) => path.split('/')[1] ?? '';
const floorOf = (path: string) => floors.findIndex((floor) => floor.includes(room(path)));

let modules: ICruiseResult['modules'];

beforeAll(async () => {
  const { output } = await cruise(['src'], {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node'] },
  });
  modules = (output as ICruiseResult).modules.filter((module) => module.source.startsWith('src/'));
});

function arrows(): { from: string; to: string }[] {
  return modules.flatMap((module) =>
    module.dependencies.map((dependency) => ({ from: module.source, to: dependency.resolved })),
  );
}

describe('the arrows between rooms', () => {
  it('are read from the real modules', () => {
    expect(modules.length).toBeGreaterThan(80);
    expect(arrows().filter(({ to }) => to.startsWith('src/')).length).toBeGreaterThan(150);
  });

  it('start in rooms that stand in the plan', () => {
    expect(modules.map((module) => module.source).filter((source) => floorOf(source) < 0)).toEqual([]);
  });

  it('never point up, nor to a neighbour on the same floor', () => {
    const wrong = arrows().filter(({ from, to }) => {
      if (!to.startsWith('src/') || room(from) === room(to)) return false;
      if (neighbours[room(from)]?.includes(room(to))) return false;
      return floorOf(to) <= floorOf(from);
    });
    expect(wrong).toEqual([]);
  });

  it('make no circle', () => {
    const circular = modules.flatMap((module) =>
      module.dependencies
        .filter((dependency) => dependency.circular)
        .map((d) => `${module.source} → ${d.resolved}`),
    );
    expect(circular).toEqual([]);
  });
});

describe('big libraries', () => {
  for (const { library, place, why } of ownedLibraries) {
    it(`keep to their place: ${library}, because ${why}`, () => {
      const users = arrows().filter(({ to }) => to.includes(`node_modules/${library}/`) || to === library);
      expect(users.length).toBeGreaterThan(0);
      expect(users.filter(({ from }) => !place.test(from))).toEqual([]);
    });
  }
});
