import { timed } from '../figure.ts';
import { startBare } from '../floor/container.ts';
import { execPerCall } from '../floor/exec-per-call.ts';
import { commandAt, commandsPerTrial } from './command.ts';

/** The engine alone: a bare container per trial, an exec per command, so many trials at a time. */
export async function floorTrials(image: string, trials: number, concurrency: number) {
  const calls: number[] = [];
  const whole: number[] = [];
  let left = trials;
  const trial = async () => {
    const { container, remove } = await startBare(image);
    for (let index = 0; index < commandsPerTrial; index++)
      calls.push(await timed(() => execPerCall(container, commandAt(index))));
    await remove();
  };
  const hand = async () => {
    while (left-- > 0) whole.push(await timed(trial));
  };
  const ms = await timed(() => Promise.all(Array.from({ length: concurrency }, hand)));
  return { calls, whole, ms };
}
