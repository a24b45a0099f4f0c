import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { commandAgent, commandNumber, emptyCommand } from './command.ts';
import type { Figure } from './figure.ts';
import { timed } from './figure.ts';
import { startBare } from './floor/container.ts';
import { execPerCall } from './floor/exec-per-call.ts';
import { bareShell } from './floor/resident-shell.ts';
import { type StepTimes, stepTimes } from './step-times.ts';
import { benchTask, playTask } from './trials.ts';

const rounds = 3;
const callsPerRound = 40;
const execsPerRound = 8;

/** Milliseconds that the thinking agent takes for a decision; a model takes longer. */
const thinksMs = 150;

/** What a call costs from decision to recorded observation, against the same commands without the harness. */
export async function measureToolCalls(provider: SandboxProvider, image: string): Promise<Figure[]> {
  const { container, remove } = await startBare(image);
  const [thinking, empty, prompt, commanded] = [
    stepTimes(callsPerRound),
    stepTimes(callsPerRound),
    stepTimes(callsPerRound),
    stepTimes(callsPerRound),
  ];
  const execs = { commands: [] as number[], empty: [] as number[] };
  const resident = { commands: [] as number[], empty: [] as number[] };
  const play = (task: string, times: StepTimes, thinks: number, commandAt = commandNumber) =>
    playTask({
      provider,
      task: benchTask(task),
      agent: commandAgent(callsPerRound, thinks, commandAt),
      attempts: 1,
      concurrency: 1,
      event: times.event,
    });
  try {
    const shell = await bareShell(container);
    for (let round = 0; round < rounds; round++) {
      for (let call = 0; call < callsPerRound; call++) {
        await sleep(thinksMs);
        resident.commands.push(await timed(() => shell.run(commandNumber(call))));
        await sleep(thinksMs);
        resident.empty.push(await timed(() => shell.run(emptyCommand())));
      }
      for (let call = 0; call < execsPerRound; call++) {
        await sleep(thinksMs);
        execs.commands.push(await timed(() => execPerCall(container, commandNumber(call))));
        await sleep(thinksMs);
        execs.empty.push(await timed(() => execPerCall(container, emptyCommand())));
      }
      await play('calls', empty, thinksMs, emptyCommand);
      await play('calls', thinking, thinksMs);
      await play('calls', prompt, 0);
      await play('commanded', commanded, 0);
    }
    shell.close();
  } finally {
    await remove();
  }
  const call = `by an agent that thinks ${thinksMs} ms`;
  return [
    {
      unit: 'ms',
      name: `tool call of \`true\`, decided to observed, ${call}, to an exec per call`,
      ours: empty.call,
      floor: execs.empty,
      target: '≤ 8 ms, ratio ≤ 0.1',
    },
    { unit: 'ms', name: '… to a bare resident shell', ours: empty.call, floor: resident.empty },
    {
      unit: 'ms',
      name: `tool call of a small program, decided to observed, ${call}, to an exec per call`,
      ours: thinking.call,
      floor: execs.commands,
    },
    { unit: 'ms', name: '… to a bare resident shell', ours: thinking.call, floor: resident.commands },
    { unit: 'ms', name: '… its state probe, while the agent thinks', ours: thinking.probe },
    {
      unit: 'ms',
      name: 'whole step with its probe, by an agent that thinks no time',
      ours: prompt.step,
      floor: execs.commands,
    },
    { unit: 'ms', name: '… with three milestones by command', ours: commanded.step, floor: execs.commands },
  ];
}
