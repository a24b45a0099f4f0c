import { expect, it } from 'vitest';
import { GatewayConnection } from '../../../src/sandbox/docker/gateway-connection.ts';
import { Wire } from './wire.ts';

const say = (wire: Wire, line: object) => wire.print('stdout', `${JSON.stringify(line)}\n`);

it('collects attempts until they are taken', async () => {
  const wire = new Wire();
  const connection = new GatewayConnection(wire.channel);
  connection.send('settle');
  const attempt = { protocol: 'udp', verdict: 'sunk', address: '203.0.113.9', port: 9, size: 4 };
  say(wire, { attempt, payload: Buffer.from('ping').toString('base64') });
  say(wire, { settled: true, uncounted: 2 });
  expect(await connection.next(1_000)).toEqual({ settled: true, uncounted: 2 });
  expect(wire.lines).toEqual(['settle']);
  expect(connection.takeAttempts()).toEqual([{ attempt, payload: Buffer.from('ping') }]);
  expect(connection.takeAttempts()).toEqual([]);
});

it('does not take a late answer for that of the next question', async () => {
  const wire = new Wire();
  const connection = new GatewayConnection(wire.channel);
  await expect(connection.next(10)).rejects.toThrow('no answer within 10 ms');
  const next = connection.next(1_000);
  say(wire, { settled: true, uncounted: 1 });
  say(wire, { settled: true, uncounted: 2 });
  expect(await next).toEqual({ settled: true, uncounted: 2 });
});

it('rejects with the last line of stderr when the gateway ends', async () => {
  const wire = new Wire();
  const connection = new GatewayConnection(wire.channel);
  const waiting = connection.next(1_000);
  wire.print('stderr', 'gateway: iptables: not permitted\n');
  wire.close();
  await expect(waiting).rejects.toThrow('it ended: gateway: iptables: not permitted');
  await expect(connection.next(1_000)).rejects.toThrow('it ended: gateway: iptables');
  expect(connection.isClosed).toBe(true);
});

it('ends the connection at a line that it does not know', async () => {
  const wire = new Wire();
  const connection = new GatewayConnection(wire.channel);
  const waiting = connection.next(1_000);
  say(wire, { settled: 'perhaps' });
  await expect(waiting).rejects.toThrow('it sent an unexpected line: {"settled":"perhaps"}');
  await expect.poll(() => connection.isClosed).toBe(true);
});
