import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';

/** Floors of src, top first; a folder knows only the floors below its own. */
const floors = [
  ['cli', 'cli.ts', 'index.ts', 'vitest.ts'],
  ['mcp'],
  ['library'],
  ['replay', 'check'],
  ['run-trials.ts'],
  ['orchestrator', 'judge', 'report', 'viewer', 'interop', 'metric'],
  ['calibration', 'contamination'],
  ['comparison'],
  ['scored-trace.ts', 'agreement-file.ts', 'experiment-file.ts'],
  ['score-file.ts'],
  ['tool', 'agent', 'scoring', 'store'],
  ['task', 'environment', 'sandbox', 'policy', 'trace', 'record', 'queue'],
  ['schema', 'statistic', 'format.ts', 'errors.ts', 'version.ts'],
];

/** Arrows within a floor that are there on purpose. */
const neighbours: Record<string, string[]> = {
  // The top composes.
  'cli.ts': ['cli'],
  // Types only: a task says which sandbox it wants, an environment which task it is for.
  environment: ['task', 'sandbox'],
  task: ['sandbox', 'record'],
  // The nouns and the one error class are the ground.
  schema: ['errors.ts'],
};

/**
 * Folders inside a folder, top first; those in one list do not know each other. Files beside them are `above` (they know the
 * folders), `below` (the folders know them), or `both`: a file is then above the folders that it knows, and not known by them.
 */
interface Inside {
  folders: string[][];
  files: 'above' | 'below' | 'both';
  why: string;
}
const inside: Record<string, Inside> = {
  agent: {
    folders: [
      ['external', 'inside', 'module', 'python', 'wrapper'],
      ['dialect'],
      ['anthropic', 'google', 'openai'],
      ['model'],
    ],
    files: 'below',
    why: 'an agent knows the interface and no agent it; models are asked alike; what programs say to models is read by the same parts',
  },
  check: {
    folders: [['audit', 'mcp']],
    files: 'below',
    why: 'an audit is made of proofs and more trials; making an environment of a server is one more use of the scaffold',
  },
  cli: {
    folders: [['suite']],
    files: 'both',
    why: 'a group of commands is a folder; they print as the others do',
  },
  comparison: {
    folders: [['measure']],
    files: 'both',
    why: 'a measure says what a trial counts; the scorecard compares by all of them',
  },
  interop: {
    folders: [['atif', 'inspect', 'otel'], ['foreign']],
    files: 'both',
    why: 'formats do not know each other; what several read and write alike is in foreign/ and beside it',
  },
  orchestrator: {
    folders: [['verifier']],
    files: 'both',
    why: 'a verifier is run by a phase, in a sandbox of the trial',
  },
  library: {
    folders: [['queue']],
    files: 'below',
    why: 'what workers make is made of the same parts as any run',
  },
  policy: {
    folders: [['default', 'shell']],
    files: 'above',
    why: 'rules and parsed commands are judged together, one floor up',
  },
  queue: {
    folders: [['budget']],
    files: 'below',
    why: 'budgets are shared through the database, which knows nothing of them',
  },
  replay: {
    folders: [['experiment']],
    files: 'below',
    why: 'an experiment is made of many forks',
  },
  report: {
    folders: [['comparison']],
    files: 'both',
    why: 'a comparison is drawn of the same parts as a run, and stands in a run’s report',
  },
  sandbox: {
    folders: [['docker', 'embedded']],
    files: 'below',
    why: 'a provider knows the interface and no other provider',
  },
  'sandbox/docker': {
    folders: [['service']],
    files: 'both',
    why: 'services are containers beside a sandbox’s own, started and looked at by the same means',
  },
  scoring: {
    folders: [['feature'], ['finding', 'label'], ['trial']],
    files: 'both',
    why: 'detectors, labels and features look at the resolved trial, detectors and features are declared in one form, and scores are made of them',
  },
  'scoring/finding': {
    folders: [['check'], ['contract', 'loss', 'made-up', 'right']],
    files: 'both',
    why: 'a detector of several files is a folder; it makes findings as the others do, and weakened checks are read from what was kept and from settings',
  },
  task: {
    folders: [['generate'], ['compose', 'perturb'], ['harbor']],
    files: 'both',
    why: 'loading asks whether the formats’ fields can be honoured; a compose file stands in a task of Harbor’s; and instances, in another form or not, are folders that are loaded',
  },
  tool: {
    folders: [['builtin', 'host'], ['mcp']],
    files: 'both',
    why: 'servers know their interface, and the protocol nobody; the toolbox opens them',
  },
  viewer: {
    folders: [['page']],
    files: 'below',
    why: 'the page knows the types of the answers, the server nothing of the page',
  },
  'viewer/page': {
    folders: [['compare', 'comparison', 'queue'], ['run'], ['trial'], ['text'], ['source']],
    files: 'both',
    why: 'pages are made of views, views of texts, texts of what a source gives',
  },
  'viewer/page/trial': {
    folders: [['tab']],
    files: 'both',
    why: 'the page of a trial shows tabs, which share its parts',
  },
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
    place: /^src\/(tool\/mcp(\.ts$|\/)|mcp\/server\.ts$)/,
    why: 'one place speaks MCP for tools, and one file for what serves records, so that they change with it',
  },
  {
    library: 'xstate',
    place: /^src\/orchestrator\//,
    why: 'the orchestrator is the only user of the state machine',
  },
  { library: 'unbash', place: /^src\/policy\/shell\/ast\.ts$/, why: 'one file knows the parser’s tree' },
  {
    library: 'fastest-levenshtein',
    place: /^src\/schema\/nearest\.ts$/,
    why: 'names are suggested in one way',
  },
  { library: 'openai', place: /^src\/agent\/openai\//, why: 'one agent speaks its protocol' },
  {
    library: '@anthropic-ai/sdk',
    place: /^src\/agent\/anthropic\//,
    why: 'one agent speaks its protocol',
  },
  { library: '@google/genai', place: /^src\/agent\/google\//, why: 'one agent speaks its protocol' },
  { library: 'commander', place: /^src\/cli(\/|\.ts)/, why: 'flags are the command line’s business' },
  { library: 'vitest', place: /^src\/vitest\.ts$/, why: 'only who tests agents with it has it' },
  { library: 'pg', place: /^src\/queue\//, why: 'one place speaks to the database' },
  {
    library: '@aws-sdk/client-s3',
    place: /^src\/store\/s3\.ts$/,
    why: 'only who keeps a store in a bucket has it installed',
  },
  { library: 'prom-client', place: /^src\/metric\//, why: 'what is measured is named in one place' },
  { library: 'pino', place: /^src\/cli\//, why: 'the log is opened at the top and handed down' },
];

const topFolder = (path: string) => path.split('/')[1] ?? '';
const floorOf = (path: string) => floors.findIndex((floor) => floor.includes(topFolder(path)));
const isCode = (path: string) => /\.tsx?$/.test(path);

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

describe('the arrows between folders of src', () => {
  it('are read from the real modules', () => {
    expect(modules.length).toBeGreaterThan(80);
    expect(arrows().filter(({ to }) => to.startsWith('src/')).length).toBeGreaterThan(150);
  });

  it('start in folders that the plan names', () => {
    expect(modules.map((module) => module.source).filter((source) => floorOf(source) < 0)).toEqual([]);
  });

  it('never point up, nor to a neighbour on the same floor', () => {
    const wrong = arrows().filter(({ from, to }) => {
      if (!to.startsWith('src/') || topFolder(from) === topFolder(to)) return false;
      if (neighbours[topFolder(from)]?.includes(topFolder(to))) return false;
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

describe('the arrows inside a folder of src', () => {
  it('are in order wherever a folder has folders', () => {
    const withFolders = modules.flatMap(({ source }) => {
      const names = source.split('/').slice(1, -1);
      return names.slice(1).map((_, depth) => names.slice(0, depth + 1).join('/'));
    });
    expect(new Set(withFolders)).toEqual(new Set(Object.keys(inside)));
  });

  for (const [folder, { folders, files, why }] of Object.entries(inside)) {
    it(`never point up in ${folder}, because ${why}`, () => {
      const own = arrows().filter(({ from, to }) =>
        [from, to].every((path) => path.startsWith(`src/${folder}/`) && isCode(path)),
      );
      const part = (path: string) => path.split('/').slice(folder.split('/').length + 1);
      const isFile = (path: string) => part(path).length === 1;
      /** Level of a folder; of a file, just above the topmost folder that it leads to. */
      const level = (path: string, seen: readonly string[] = []): number => {
        if (!isFile(path)) return folders.findIndex((names) => names.includes(part(path)[0] ?? ''));
        if (files !== 'both') return files === 'above' ? -1 : folders.length;
        const next = own.filter(({ from, to }) => from === path && !seen.includes(to));
        const levels = next.map(({ to }) => level(to, [...seen, path]) - (isFile(to) ? 0 : 0.5));
        return Math.min(folders.length, ...levels);
      };
      const nameOf = (path: string) => (isFile(path) ? '.' : part(path)[0]);
      const wrong = own.filter(
        ({ from, to }) =>
          !(isFile(from) && isFile(to)) &&
          (level(from) > level(to) || (level(from) === level(to) && nameOf(from) !== nameOf(to))),
      );
      expect(wrong).toEqual([]);
    });
  }
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
