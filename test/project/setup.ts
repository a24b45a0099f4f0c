import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import workerThreads from 'node:worker_threads';
import { afterAll, beforeEach, expect } from 'vitest';

/** What the tests of this file started outside of their own thread. */
const started: string[] = [];
const isUnit = process.env.PROCTOR_TEST_PROJECT === 'unit';

function note(what: string): void {
  started.push(what);
  if (!isUnit) return;
  const { testPath = 'this file' } = expect.getState();
  throw new Error(`a unit test starts ${what}; name ${testPath} *.engine.test.ts`);
}

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  const original = childProcess[name] as (...args: unknown[]) => unknown;
  const noted = (...args: unknown[]) => {
    note(`a program (${name} ${String(args[0])})`);
    return original(...args);
  };
  Object.defineProperties(noted, Object.getOwnPropertyDescriptors(original));
  Object.assign(childProcess, { [name]: noted });
}

const { Worker } = workerThreads;
workerThreads.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    if (!String(args[0]).includes('/node_modules/')) note('a thread');
    super(...args);
  }
};

const { connect } = Socket.prototype;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  const [options] = args.flat() as [{ path?: string }?];
  if (typeof options === 'object' && options?.path) note(`talking to an engine (${options.path})`);
  return Reflect.apply(connect, this, args);
} as typeof connect;

syncBuiltinESMExports();

let file: { name: string; tasks: readonly unknown[] } | undefined;
beforeEach(({ task }) => {
  file = task.file;
});

afterAll(() => {
  const pure = !isUnit && started.length === 0 && file && !skips(file);
  started.length = 0;
  if (pure)
    throw new Error(`nothing here starts a sandbox, program or browser; name ${file?.name} *.test.ts`);
});

/** Whether any test below is skipped, as those are that need an engine where there is none. */
function skips(task: { mode?: string; tasks?: readonly unknown[] }): boolean {
  return task.mode === 'skip' || (task.tasks ?? []).some((inner) => skips(inner as typeof task));
}
