import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/orchestrator/probe.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { specOf } from '../sandbox/docker/spec.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await embeddedProvider().open(specOf());
});
afterAll(() => sandbox.close());

describe('exit codes of several commands by one call', () => {
  it('are each command’s own, whatever the others do', async () => {
    const commands = ['true', 'exit 3', 'set -e; false; true', 'syntax ( error', `echo "it's loud"`];
    expect(await exitCodes(commands, sandbox, 10_000)).toEqual([0, 3, 1, expect.any(Number), 0]);
  });

  it('keep directory and variables of one command from the next', async () => {
    const commands = ['cd / && export LEFT=1', `[ "$PWD" = "${specOf().workdir}" ] && [ -z "$LEFT" ]`];
    expect(await exitCodes(commands, sandbox, 10_000)).toEqual([0, 0]);
  });

  it('end where a command does not end in time', async () => {
    expect(await exitCodes(['true', 'sleep 60', 'true'], sandbox, 500)).toEqual([0]);
  });
});
