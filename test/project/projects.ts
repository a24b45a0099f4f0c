/** The kinds of tests, told by the end of a file's name; `timeoutMs` is for one test. */
export const projects = [
  {
    name: 'unit',
    what: 'what needs nothing but this process',
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.{engine,suite}.test.ts'],
    timeoutMs: 5000,
    isolate: false,
  },
  {
    name: 'engine',
    what: 'what starts a sandbox, a host module, the command line or a browser',
    include: ['test/**/*.engine.test.ts'],
    exclude: [],
    timeoutMs: 180_000,
    isolate: true,
  },
  {
    name: 'suites',
    what: 'the corpus, the shipped tasks and their replays, Harbor tasks, published servers, packing, models, judges, replays and experiments by the command line, and every way to kill, resume, fork and tamper',
    include: ['test/**/*.suite.test.ts'],
    exclude: [],
    timeoutMs: 600_000,
    isolate: true,
  },
];
