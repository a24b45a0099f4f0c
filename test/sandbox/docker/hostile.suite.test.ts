import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { engine, engineNote } from '../../engine.ts';
import { specOf } from './spec.ts';

describe.skipIf(!engine)(`a hostile agent in a container${engineNote}`, () => {
  const provider = dockerProvider({ runId: 'test-hostile', poolSize: 0 });
  let sandbox: Sandbox;
  let neighbour: Sandbox;
  const open = async () => {
    sandbox = await provider.open(specOf());
  };
  beforeAll(async () => {
    neighbour = await provider.open(specOf());
    await neighbour.exec('echo mine > untouched');
  });
  afterEach(async () => {
    await sandbox.close();
    expect((await neighbour.exec('cat untouched')).stdout.toString()).toBe('mine\n');
  });
  afterAll(async () => {
    await neighbour?.close();
    await provider.close();
  });

  it('can fork without end until its time-out', async () => {
    await open();
    const bomb = await sandbox.exec('b() { b | b & }; b; sleep 60', { timeoutMs: 1000 });
    expect(bomb.timedOut).toBe(true);
    expect((await sandbox.exec('echo next', { timeoutMs: 20_000 })).stdout.toString()).toBe('next\n');
    await sandbox.exec('printf "setsid ./bomb & setsid ./bomb & wait\\n" > bomb; chmod +x bomb');
    await sandbox.exec('./bomb', { timeoutMs: 1000 });
    await sandbox.quiesce();
    expect(await sandbox.health()).toEqual({ alive: true });
    expect((await sandbox.exec('echo next', { as: 'harness' })).stdout.toString()).toBe('next\n');
  });

  it('can print a gigabyte', async () => {
    await open();
    const flood = await sandbox.exec('head -c 1000000000 /dev/zero', { captureBytes: 1_000_000 });
    expect([flood.stdout.length, flood.captureCut]).toEqual([1_000_000, true]);
    expect((await sandbox.exec('echo next')).stdout.toString()).toBe('next\n');
  });

  it('is not stopped for files with holes, whatever size they show', async () => {
    await open();
    const made = await sandbox.exec(
      'truncate -s 20G holes; for i in 1 2 3; do truncate -s 200M h$i; done; sleep 3; echo done',
    );
    expect(made.stdout.toString()).toBe('done\n');
    await sandbox.exec('rm holes h?');
  });

  it('is stopped when it fills its disk', async () => {
    await open();
    const filling = sandbox.exec('while :; do head -c 50000000 /dev/zero >> big; done', {
      timeoutMs: 50_000,
    });
    await expect(filling).rejects.toMatchObject({ code: 'sandbox-broken', message: /filled its disk/ });
    await expect(sandbox.exec('true')).rejects.toMatchObject({ code: 'sandbox-broken' });
    expect(await sandbox.health()).toMatchObject({ alive: false, reason: /filled its disk/ });
  });

  it('loses a command that eats all memory, or the sandbox, and is told so', async () => {
    await open();
    const eater = sandbox.exec('python3 -c "x = bytearray(2_000_000_000)"', { timeoutMs: 30_000 });
    expect((await eater).exitCode).toBe(137);
    expect((await sandbox.exec('echo next')).stdout.toString()).toBe('next\n');
  });

  it('can stop its own shell', async () => {
    await open();
    const stopped = await sandbox.exec('kill -STOP $PPID $$', { timeoutMs: 500 });
    expect(stopped.timedOut).toBe(true);
    expect((await sandbox.exec('echo next')).stdout.toString()).toBe('next\n');
  });

  it('can print whatever it likes about our shell', async () => {
    await open();
    const shown = await sandbox.exec('ps -ef; set; trap; cat /proc/*/cmdline; set -x; true');
    expect(shown.exitCode).toBe(0);
    expect((await sandbox.exec('echo next')).stdout.toString()).toBe('next\n');
  });

  it('has no capabilities, no network and no way to gain any', async () => {
    await open();
    const facts = await sandbox.exec(
      'id -u; grep -E "^Cap(Eff|Prm|Amb)|^NoNewPrivs" /proc/self/status; ls /sys/class/net',
    );
    expect(facts.stdout.toString().replaceAll('\t', ' ')).toBe(
      '1000\nCapPrm: 0000000000000000\nCapEff: 0000000000000000\nCapAmb: 0000000000000000\nNoNewPrivs: 1\nlo\n',
    );
    expect((await sandbox.exec('cat /proc/1/environ; echo x > /etc/x')).exitCode).not.toBe(0);
  });

  it('does not hear its background jobs in the next command', async () => {
    await open();
    await sandbox.exec('(while :; do echo noise; sleep 0.01; done) & true');
    const next = await sandbox.exec('sleep 0.2; echo next');
    expect(next.stdout.toString()).toBe('next\n');
  });
});
