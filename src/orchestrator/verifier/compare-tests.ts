import { diffState } from '../../environment/state-diff.ts';
import { messageOf } from '../../errors.ts';
import { placesMatcher } from '../../record/place.ts';
import type { NewFile, Sandbox } from '../../sandbox/sandbox.ts';
import type { TestRun } from '../../schema/contract.ts';
import type { NewTraceEventOf } from '../../schema/trace-event.ts';
import { setUpPhase, untilHealthy } from '../furnish.ts';
import type { LiveTrial } from '../live-trial.ts';
import { stateKind } from '../probe.ts';
import { openSandbox } from '../provision.ts';
import { putWork } from './script.ts';
import { testCounts } from './test-summary.ts';

type Compared = Pick<NewTraceEventOf<'tests.compared'>, 'changed' | 'asLeft' | 'asGiven' | 'error'>;
type Run = NonNullable<Compared['asLeft']>;

/** Paths that an event names, and characters of output that it keeps. */
const most = { paths: 50, output: 16_384 } as const;

/**
 * Where tests of the contract were changed: runs them over the work that was left, each time in a fresh sandbox, as the agent left
 * them and as they were given, and records both. That they could not be run is recorded, and nobody's failure.
 */
export async function compareTests(live: LiveTrial, signal: AbortSignal): Promise<void> {
  const { plan, sandbox, parts } = live;
  const { tests } = plan.contract;
  if (!tests || !sandbox || !mayHaveChanged(live, tests)) return;
  const begun = performance.now();
  const compared = await comparison(live, tests, sandbox, signal).catch((error): Compared => {
    signal.throwIfAborted();
    return { changed: [], error: messageOf(error) };
  });
  const { recorder } = parts;
  recorder.append({
    type: 'tests.compared',
    phase: recorder.trial.phase,
    ...compared,
    durationMs: performance.now() - begun,
  });
}

/** Whether a test differs from what was given, by the state; true where the state does not tell. */
function mayHaveChanged(live: LiveTrial, { paths }: TestRun): boolean {
  const { initial, state } = live.world;
  const source = live.plan.environment.config.state;
  if (initial === undefined || state === undefined || !source || 'server' in source) return true;
  const isSeen = folders(paths).every((path) =>
    source.paths.some((one) => path === one || path.startsWith(`${one}/`)),
  );
  const isTest = placesMatcher(paths);
  return !isSeen || diffState(stateKind(live), initial, state).some(isTest);
}

/** The folder that each glob begins with. */
const folders = (paths: readonly string[]) =>
  paths.map((path) => path.replace(/\/[^/]*[*?[{].*$/, '').replace(/(?<=.)\/$/, ''));

async function comparison(
  live: LiveTrial,
  tests: TestRun,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Compared> {
  const isTest = placesMatcher(tests.paths);
  const paths = outermost([sandbox.info.workdir, ...folders(tests.paths)]);
  const left = await sandbox.files.collect(paths);
  const given = await inRoom(live, signal, async (room) => {
    const own = (await room.files.collect(paths)).filter(isTest);
    const changed = differing(own, left.filter(isTest));
    if (changed.length === 0) return { changed };
    await putWork(room, { paths, left: [...left.filter((file) => !isTest(file)), ...own] });
    return { changed: changed.slice(0, most.paths), asGiven: await runTests(live, tests, room, signal) };
  });
  if (given.changed.length === 0) return given;
  const asLeft = await inRoom(live, signal, async (room) => {
    await putWork(room, { paths, left });
    return runTests(live, tests, room, signal);
  });
  return { ...given, asLeft };
}

/** Paths that are in no other. */
const outermost = (paths: readonly string[]) =>
  [...new Set(paths)].filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));

function differing(given: readonly NewFile[], left: readonly NewFile[]): string[] {
  const leftAt = new Map(left.map((file) => [file.path, file.content]));
  const givenAt = new Set(given.map(({ path }) => path));
  const changed = given.filter(({ path, content }) => {
    const now = leftAt.get(path);
    return now === undefined || !Buffer.from(now).equals(content);
  });
  return [...changed, ...left.filter(({ path }) => !givenAt.has(path))].map(({ path }) => path).sort();
}

/** Lets `work` be done in a fresh sandbox that is as the agent's was before its first step. */
async function inRoom<T>(
  { plan, parts }: LiveTrial,
  signal: AbortSignal,
  work: (room: Sandbox) => Promise<T>,
): Promise<T> {
  if (!plan.sandbox) throw new Error('the environment has no sandbox');
  const { spec } = plan.sandbox;
  const room = await openSandbox(plan, parts.recorder, { purpose: 'verify', spec }, signal);
  try {
    await untilHealthy(plan.task.harbor.environment.healthcheck, room, signal);
    for (const phase of plan.task.phases.slice(0, parts.recorder.trial.phase + 1))
      if (phase.files.length > 0) await setUpPhase(phase, room);
    return await work(room);
  } finally {
    await room.close();
  }
}

async function runTests(
  { plan, parts }: LiveTrial,
  { command, timeout_seconds }: TestRun,
  room: Sandbox,
  signal: AbortSignal,
): Promise<Run> {
  const result = await room.exec(command, {
    as: 'harness',
    timeoutMs: timeout_seconds * 1000,
    dropsExcess: true,
    // Compiled tests that the agent left are not read.
    env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONPYCACHEPREFIX: '/tmp/.proctor-tests' },
    signal,
    ...(plan.sandbox?.provider.capabilities.has('users') && { user: room.info.user }),
  });
  const output = [result.stdout, result.stderr].map((one) => one.toString('utf8')).join('\n');
  return {
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    ...testCounts(output),
    output: parts.recorder.bodies.text(output.slice(-most.output)),
  };
}
