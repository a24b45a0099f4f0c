import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerLabels, labelNames } from '../../../src/sandbox/docker/container-label.ts';
import { connectEngine } from '../../../src/sandbox/docker/engine.ts';
import { gatewayImage } from '../../../src/sandbox/docker/gateway.ts';
import { imagesOf } from '../../../src/sandbox/docker/image.ts';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import type { Sandbox, SentAttempt } from '../../../src/sandbox/sandbox.ts';
import { engine, engineNote } from '../../engine.ts';
import { specOf } from './spec.ts';

const runId = `test-network-${process.pid}`;
const docker = connectEngine();
const ours = { all: true, filters: { label: [`${labelNames.run}=${runId}`] } };
const attemptsOf = async (sandbox: Sandbox) =>
  ((await sandbox.attempts?.()) ?? []).map(({ attempt }) => attempt);
const textOf = (sent: SentAttempt[]) => sent.map(({ payload }) => payload.toString('latin1')).join('\n');

describe.skipIf(!engine)(`a sandbox whose network is a sink${engineNote}`, () => {
  const provider = dockerProvider({ runId, poolSize: 0 });
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await provider.open(specOf({ network: 'sink' }));
  });
  afterAll(async () => {
    await sandbox.close();
    await provider.close();
  });

  it('answers a request and tells its name, port, method, path, body and size', async () => {
    const { stdout } = await sandbox.exec(
      'curl -sS -o /dev/null -w "%{http_code}" -d "key=value" "http://collect.example.com:8080/in?x=1"',
    );
    expect(stdout.toString()).toBe('200');
    const sent = (await sandbox.attempts?.()) ?? [];
    expect(sent.map(({ attempt }) => attempt)).toContainEqual({
      protocol: 'dns',
      verdict: 'sunk',
      name: 'collect.example.com',
      port: 53,
      size: expect.any(Number),
    });
    expect(sent.at(-1)).toMatchObject({
      attempt: {
        protocol: 'http',
        verdict: 'sunk',
        name: 'collect.example.com',
        port: 8080,
        method: 'POST',
        host: 'collect.example.com:8080',
        path: '/in?x=1',
        size: 9,
      },
    });
    expect(textOf(sent)).toMatch(/^POST .*key=value$/ms);
  });

  it('sees what is no HTTP: TLS, plain TCP, UDP, and a large upload as far as it is kept', async () => {
    await sandbox.exec('curl -sS -m 5 https://secure.example.org/');
    await sandbox.exec('exec 3<>/dev/tcp/203.0.113.7/4444; echo hello >&3; exec 3>&-');
    await sandbox.exec('echo -n ping > /dev/udp/203.0.113.9/9999');
    await sandbox.exec('head -c 3000000 /dev/zero | curl -sS -m 9 -T - http://203.0.113.8/up');
    const attempts = await attemptsOf(sandbox);
    expect(attempts).toContainEqual(
      expect.objectContaining({ protocol: 'tls', host: 'secure.example.org', port: 443 }),
    );
    expect(attempts).toContainEqual({
      protocol: 'tcp',
      verdict: 'sunk',
      address: '203.0.113.7',
      port: 4444,
      size: 6,
    });
    expect(attempts).toContainEqual({
      protocol: 'udp',
      verdict: 'sunk',
      address: '203.0.113.9',
      port: 9999,
      size: 4,
    });
    const upload = attempts.find(({ method }) => method === 'PUT');
    expect(upload).toMatchObject({ address: '203.0.113.8', path: '/up', truncated: true });
    expect(upload?.size).toBeGreaterThanOrEqual(3_000_000);
  });

  it('leaves connections inside the sandbox alone', async () => {
    const { stdout } = await sandbox.exec(
      'python3 -m http.server 8123 >/dev/null 2>&1 & curl -s --retry 20 --retry-delay 1 --retry-connrefused -o /dev/null -w "%{http_code}" http://127.0.0.1:8123/; kill %1',
    );
    expect(stdout.toString()).toContain('200');
    expect(await attemptsOf(sandbox)).toEqual([]);
  });

  it('hands connections to a port of the harness over, which are no attempts', async () => {
    const server = createServer((_, answer) => answer.end('the harness'));
    const listener = await sandbox.listen?.(0, (connection) => server.emit('connection', connection));
    const { stdout } = await sandbox.exec(`curl -sS http://127.0.0.1:${listener?.port}/`);
    expect(stdout.toString()).toBe('the harness');
    expect(await attemptsOf(sandbox)).toEqual([]);
    const relays = { filters: { label: [`${labelNames.run}=${runId}`, `${labelNames.role}=relay`] } };
    expect(await docker.listContainers(relays)).toHaveLength(1);
  });

  it('gives the agent no way round: neither packets of its own nor another route', async () => {
    const raw = 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)';
    const marked = 'import socket; socket.socket().setsockopt(socket.SOL_SOCKET, 36, 80)';
    for (const code of [raw, marked])
      expect((await sandbox.exec(`python3 -c "${code}"`)).exitCode).not.toBe(0);
  });

  it('counts what a flood sends beyond what it tells one by one', async () => {
    const code =
      'import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nfor i in range(2000): s.sendto(b"x",("203.0.113.9",i+1000))';
    await sandbox.exec(`python3 -c '${code}'`);
    const attempts = await attemptsOf(sandbox);
    expect(attempts.length).toBe(501);
    expect(attempts.at(-1)?.times).toBeGreaterThan(0);
  });

  it('says that the harness failed where its gateway is gone, and leaves nothing behind', async () => {
    const doomed = await provider.open(specOf({ network: 'sink' }));
    const gateways = await docker.listContainers({
      filters: { label: [`${labelNames.run}=${runId}`, `${labelNames.role}=gateway`] },
    });
    const { HostConfig } = await docker.getContainer(doomed.id).inspect();
    const own = gateways.find(({ Id }) => HostConfig.NetworkMode === `container:${Id}`);
    if (!own) throw new Error(`no gateway is ${HostConfig.NetworkMode}`);
    await docker.getContainer(own.Id).remove({ force: true });
    await expect(doomed.attempts?.()).rejects.toMatchObject({ code: 'sandbox-failed' });
    await doomed.close();
  });
});

describe.skipIf(!engine)(`sandboxes behind gateways${engineNote}`, () => {
  it('see each their own traffic alone, reach neither host nor each other, and leave nothing', async () => {
    const networks = async () => (await docker.listNetworks()).map(({ Id }) => Id).sort();
    const before = await networks();
    let visits = 0;
    const host = createServer((_, response) => response.end(String(visits++))).listen(0, '0.0.0.0');
    await once(host, 'listening');
    const { port } = host.address() as AddressInfo;
    const { IPAM } = await docker.getNetwork('bridge').inspect();
    const hostAddress = IPAM?.Config?.[0]?.Gateway;
    const provider = dockerProvider({ runId, poolSize: 0 });
    const sandboxes = await Promise.all(
      Array.from({ length: 8 }, () => provider.open(specOf({ network: 'sink' }))),
    );
    try {
      const told = await Promise.all(
        sandboxes.map(async (sandbox, index) => {
          await sandbox.exec(
            `curl -s -m 9 http://${hostAddress}:${port}/from-${index}; curl -s -m 9 http://shared.example.com/from-${index}`,
          );
          return (await attemptsOf(sandbox)).flatMap(({ path }) => path ?? []);
        }),
      );
      expect(told).toEqual(told.map((_, index) => [`/from-${index}`, `/from-${index}`]));
      expect(visits).toBe(0);
    } finally {
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
      await provider.close();
      host.close();
    }
    expect(await docker.listContainers(ours)).toEqual([]);
    expect(await networks()).toEqual(before);
  });

  it('come from the pool too, and are not mistaken for those of another mode', async () => {
    const provider = dockerProvider({ runId, poolSize: 1 });
    await provider.prepare(specOf({ network: 'sink' }), () => {});
    const closed = await provider.open(specOf());
    const open = await provider.open(specOf({ network: 'sink' }));
    expect(closed.attempts).toBeUndefined();
    await open.exec('curl -s http://example.com/');
    expect(await attemptsOf(open)).toContainEqual(expect.objectContaining({ method: 'GET', path: '/' }));
    await Promise.all([open.close(), closed.close()]);
    await provider.close();
    expect(await docker.listContainers(ours)).toEqual([]);
  });
});

/** A container that is a web server, and a name server that gives its own address for every name. */
const everyHost = `
import http.server, socket, sys, threading
sys.path.insert(0, "/gateway")
from names import answer, question_of
own = socket.gethostbyname(socket.gethostname())
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("0.0.0.0", 53))
def serve():
    while True:
        query, asker = names.recvfrom(4096)
        _, kind, question = question_of(query)
        names.sendto(answer(query, question, own if kind == 1 else None), asker)
threading.Thread(target=serve, daemon=True).start()
print(own, flush=True)
http.server.HTTPServer(("0.0.0.0", 80), http.server.SimpleHTTPRequestHandler).serve_forever()
`;

describe.skipIf(!engine)(`a sandbox with an allowlist${engineNote}`, () => {
  it('reaches the hosts on it, is refused the others, and both are told', async () => {
    const { Id: imageId } = await imagesOf(docker)(gatewayImage, () => {});
    const server = await docker.createContainer({
      Image: imageId,
      Cmd: ['python3', '-c', everyHost],
      Labels: containerLabels(runId),
    });
    await server.start();
    const { NetworkSettings } = await server.inspect();
    const address = NetworkSettings.Networks.bridge?.IPAddress ?? '';
    const provider = dockerProvider({ runId, poolSize: 0, nameservers: [address] });
    try {
      const named = await provider.open(
        specOf({ network: 'allowlist', allowedHosts: ['allowed.example.com', '*.example.org'] }),
      );
      const numbered = await provider.open(specOf({ network: 'allowlist', allowedHosts: [`${address}/32`] }));
      const status = async (sandbox: Sandbox, url: string) =>
        (
          await sandbox.exec(
            `curl -s -m 9 --retry 5 --retry-connrefused -o /dev/null -w '%{http_code}' ${url}`,
          )
        ).stdout.toString();

      expect(await status(named, 'http://allowed.example.com/')).toBe('200');
      expect(await status(named, 'http://deep.example.org/')).toBe('200');
      expect(await status(named, '-H "Host: allowed.example.com" http://refused.example.com/')).toBe('403');
      expect(await status(named, `-H "Host: allowed.example.com" http://${address}/`)).toBe('403');
      expect(await status(numbered, `http://${address}/`)).toBe('200');
      expect(await status(numbered, 'http://allowed.example.com/')).toBe('403');
      await named.exec('echo -n ping > /dev/udp/203.0.113.9/9999');

      const requests = (await attemptsOf(named)).filter(({ protocol }) => protocol !== 'dns');
      expect(
        requests.map(({ verdict, name, address: at, method = 'udp' }) => [verdict, name ?? at, method]),
      ).toEqual([
        ['passed', 'allowed.example.com', 'GET'],
        ['passed', 'deep.example.org', 'GET'],
        ['refused', 'refused.example.com', 'GET'],
        ['refused', address, 'GET'],
        ['refused', '203.0.113.9', 'udp'],
      ]);
      await Promise.all([named.close(), numbered.close()]);
    } finally {
      await provider.close();
      await server.remove({ force: true });
    }
    expect(await docker.listContainers(ours)).toEqual([]);
  });
});
