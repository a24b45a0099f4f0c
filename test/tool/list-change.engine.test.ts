import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import { listedTool, type TraceEventOf } from '../../src/schema/trace-event.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { engine, engineNote } from '../engine.ts';
import { playScript } from '../orchestrator/play-script.ts';
import { fixtureDir } from './open.ts';

const environment = `
name = "desk"
description = "A server in a box."
image = "shell"

[[servers]]
name = "inside"
placement = "sandbox"
command = ["python3", "/home/agent/work/mcp_server.py"]

[tools.grown]
effect = "spend"
`;

describe.skipIf(!engine)(`a server that changes its list of tools in a trial${engineNote}`, () => {
  it('has each list recorded with the step that sees it first', async () => {
    const call = (tool: string) => ({ tool, arguments: {} });
    const provider = dockerProvider({ runId: 'test-list', poolSize: 0 });
    const { trial, dir } = await playScript({
      task: {
        'proctor.toml': 'environment = "desk"\n[verify]\nby = "answer"\nexact = "done"\n',
        'environment/mcp_server.py': readFileSync(join(fixtureDir, 'mcp_server.py'), 'utf8'),
      },
      environments: { 'desk/environment.toml': environment },
      script: [
        ...['echo', 'grow', 'grown', 'shrink', 'grown'].map(call),
        { tool: 'submit', arguments: { answer: 'done' } },
      ],
      provider,
    });
    await provider.close();
    const errors = trial.steps.map(({ calls }) => calls[0]?.returned?.errorClass);
    expect(errors).toEqual([undefined, undefined, undefined, undefined, 'unknown-tool', undefined]);
    const { events, bodies } = openTrace(dir);
    const listings = [...events].filter(
      (event): event is TraceEventOf<'tools.listed'> => event.type === 'tools.listed',
    );
    const has = listings.map(({ step, tools }) => [
      step,
      listedTool
        .array()
        .parse(bodies.json(tools))
        .some(({ name }) => name === 'grown'),
    ]);
    expect(has).toEqual([
      [undefined, false],
      [2, true],
      [4, false],
    ]);
    expect(trial.tools.map(({ name }) => name)).not.toContain('grown');
    expect(trial.formerTools).toMatchObject([{ name: 'grown', declared: { effect: 'spend' } }]);
  });
});
