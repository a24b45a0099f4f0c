import type { TaskSetup } from '../../src/check/checked-trial.ts';
import { sandboxSpec } from '../../src/environment/sandbox-spec.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { commandAgent } from './command.ts';
import { type Figure, timed } from './figure.ts';
import { stepTimes } from './step-times.ts';
import { benchTask, playTask, setupOf } from './trials.ts';

const rounds = 3;
const calls = 40;

/** What the network mode `sink` costs a call, and a container, against `none`. */
export async function measureNetwork(makeProvider: () => SandboxProvider): Promise<Figure[]> {
  const [sink, none] = [stepTimes(calls), stepTimes(calls)];
  const set = { sink: [] as number[], none: [] as number[] };
  const played = { task: benchTask('calls'), agent: commandAgent(calls), attempts: 1, concurrency: 1 };
  await setUp(makeProvider(), 'sink');
  for (let round = 0; round < rounds; round++) {
    set.none.push(await setUp(makeProvider(), 'none'));
    set.sink.push(await setUp(makeProvider(), 'sink'));
    await playTask({ ...played, provider: makeProvider(), event: none.event });
    await playTask({ ...played, provider: makeProvider(), altered: inSink, event: sink.event });
  }
  return [
    { name: 'a call with network `sink`, to `none`', unit: 'ms', ours: sink.call, floor: none.call },
    {
      name: 'set-up and teardown with network `sink`, to `none`',
      unit: 'ms',
      ours: set.sink,
      floor: set.none,
    },
  ];
}

function inSink({ task, environment }: TaskSetup): TaskSetup {
  return { task, environment: { ...environment, config: { ...environment.config, network: 'sink' } } };
}

async function setUp(provider: SandboxProvider, network: 'sink' | 'none'): Promise<number> {
  const setup = setupOf(benchTask('calls'));
  const { task, environment } = network === 'sink' ? inSink(setup) : setup;
  const spec = sandboxSpec(task, environment, { run: 'bench', trial: 'bench' });
  if (!spec) throw new Error('the task of the bench has no sandbox');
  await provider.prepare(spec, () => {});
  return timed(async () => {
    await (await provider.open(spec)).close();
    await provider.close();
  });
}
