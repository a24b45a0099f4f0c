import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import type { Script } from '../../src/schema/task.ts';
import { engine, engineNote } from '../engine.ts';
import { folderOf } from '../folder.ts';
import { fixtureDir } from '../tool/open.ts';
import { bash, record, replay, submit, taskOf } from './made.ts';

const call = (tool: string) => ({ tool, arguments: {} });

/** A server beside the agent's shell, or alone in the sandbox. */
const environmentOf = (builtin: string[]) => ({
  'desk/environment.toml': `
name = "desk"
description = "A server in a box."
image = "shell"
builtin = ${JSON.stringify(builtin)}

[[servers]]
name = "inside"
placement = "sandbox"
command = ["python3", "/home/agent/work/mcp_server.py"]

[state]
paths = ["/home/agent/work"]
`,
});

const deskTask = (script: Script) =>
  taskOf({
    scripts: { a: script },
    environment: 'desk',
    files: { 'environment/mcp_server.py': readFileSync(join(fixtureDir, 'mcp_server.py'), 'utf8') },
  });

/** Records a script in an environment with these builtin tools. */
const recorded = (builtin: string[], script: Script) =>
  record(deskTask(script), 'a', dockerProvider({ runId: 'test-replay', poolSize: 0 }), [
    folderOf(environmentOf(builtin)),
  ]);

describe.skipIf(!engine)(`a trace with a crashed tool server in it${engineNote}`, () => {
  it('that the agent lived on from replays as recorded, twice', async () => {
    const recording = await recorded(
      ['bash'],
      [
        call('echo'),
        bash('echo one > a.txt'),
        call('crash'),
        call('echo'),
        bash('cat a.txt; echo two >> a.txt'),
        { calls: [call('echo'), bash('cat a.txt')] },
        bash('ls'),
        submit,
      ],
    );
    const { trial } = recording.recording;
    expect(trial.outcome).toBe('submitted');
    const classes = trial.steps.flatMap((step) => step.calls.map(({ returned }) => returned?.errorClass));
    expect(classes.filter((errorClass) => errorClass === 'server-gone')).toHaveLength(3);
    for (const { verdict, difference } of await replay(recording, 2))
      expect({ verdict, difference }).toEqual({ verdict: 'identical', difference: undefined });
  });

  it('that the harness could not continue from replays up to the crash, twice', async () => {
    const recording = await recorded([], [call('echo'), call('log'), call('crash'), call('echo'), submit]);
    const { trial } = recording.recording;
    expect(trial.outcome).toBe('infrastructure-error');
    expect(trial.steps).toHaveLength(3);
    for (const { verdict, difference } of await replay(recording, 2))
      expect({ verdict, difference }).toEqual({ verdict: 'identical', difference: undefined });
  });
});
