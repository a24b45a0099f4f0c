import { afterAll, describe, expect, it } from 'vitest';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { ExecOptions, Sandbox, SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { playScript, shellScript } from './play-script.ts';

const provider = embeddedProvider();
afterAll(() => provider.close());

/** The provider with this many milliseconds for each command of the harness. */
function hurried(ms: number): SandboxProvider {
  const hurry = (sandbox: Sandbox): Sandbox => ({
    ...sandbox,
    exec: (command: string, options: ExecOptions = {}) =>
      sandbox.exec(command, { ...options, ...(options.as === 'harness' && { timeoutMs: ms }) }),
  });
  return { ...provider, open: async (spec, signal) => hurry(await provider.open(spec, signal)) };
}

/** What holds after a step, of milestones with these commands. */
async function held(commands: string[], on: SandboxProvider = provider) {
  const milestones = commands.map(
    (command, index) => `[[milestones]]\nname = "${index}"\ncommand = ${JSON.stringify(command)}\n`,
  );
  const task = {
    'proctor.toml': `environment = "shell"\n${milestones.join('')}[verify]\nby = "answer"\nexact = "done"\n`,
  };
  const { trial } = await playScript({ task, provider: on, script: shellScript(['true']) });
  const [step] = trial.steps;
  return commands.map((_, index) => step?.milestones[index]);
}

describe('several milestones, asked by one call', () => {
  it('are each command’s own, whatever the others do', async () => {
    const commands = ['true', 'exit 3', 'set -e; false; true', 'syntax ( error', `echo "it's loud"`];
    expect(await held(commands)).toEqual([true, false, false, false, true]);
  });

  it('keep directory and variables of one command from the next', async () => {
    const here = '[ "$PWD" = /home/agent/work ] && [ -z "$LEFT" ]';
    expect(await held(['cd / && export LEFT=1', here])).toEqual([true, true]);
  });

  it('are asked by themselves from the one on that does not end in time', async () => {
    expect(await held(['true', 'sleep 60', 'true'], hurried(500))).toEqual([true, undefined, true]);
  });
});
