import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { Channel } from '../../../src/sandbox/docker/channel.ts';
import { RelayLink } from '../../../src/sandbox/docker/relay-link.ts';

const program = fileURLToPath(new URL('../../../sandbox-images/gateway/relay.py', import.meta.url));
const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** The relay's own program, its output as an engine would hand it on: behind headers, on one stream. */
function startRelay() {
  const relay = spawn('python3', ['-I', program], { stdio: 'pipe' });
  const readable = new PassThrough();
  const behindHeaders = (stream: number) => (data: Buffer) => {
    const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt32BE(data.length, 4);
    readable.write(Buffer.concat([header, data]));
  };
  relay.stdout.on('data', behindHeaders(1));
  relay.stderr.on('data', behindHeaders(2));
  relay.once('exit', () => readable.end());
  relay.stdin.on('error', () => {});
  const link = new RelayLink(new Channel(Duplex.from({ readable, writable: relay.stdin })));
  endings.push(() => relay.kill('SIGKILL'));
  return { link, kill: () => relay.kill('SIGKILL') };
}

/** A relay with one listener, and the connections that were handed over, in order. */
async function listening(onConnection: (connection: Duplex) => void = () => {}) {
  const { link, kill } = startRelay();
  const handedOver: Duplex[] = [];
  const listener = await link.listen(0, (connection) => {
    handedOver.push(connection);
    onConnection(connection);
  });
  const dial = () => {
    const socket = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    endings.push(() => socket.destroy());
    return socket;
  };
  return { link, listener, kill, dial, handedOver };
}

/** The error by which a socket ends; undefined where it just ends. */
const goneBy = (socket: Socket) =>
  new Promise<string | undefined>((resolve) => {
    socket
      .once('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
      .once('end', () => resolve(undefined));
  });

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('the link to a relay', () => {
  it('serves HTTP over handed connections, large bodies and kept ones', async () => {
    const server = createServer((asked, answer) => {
      void buffer(asked).then((body) => {
        answer.setHeader('digest', sha256(body));
        answer.end(body);
      });
    });
    const { listener, handedOver } = await listening((connection) => server.emit('connection', connection));
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    endings.push(() => agent.destroy());
    const post = async (body: Buffer) => {
      const asked = request({ port: listener.port, method: 'POST', agent, host: '127.0.0.1' });
      asked.end(body);
      const [answer] = await once(asked, 'response');
      return [answer.headers.digest, sha256(await buffer(answer))];
    };
    const bodies = [8_000_000, 1, 0, 300_000].map((size) => randomBytes(size));
    const answers = await Promise.all(bodies.map(post));
    expect(answers).toEqual(bodies.map((body) => [sha256(body), sha256(body)]));
    expect(handedOver).toHaveLength(2);
  });

  it('goes on sending to a program that has ended its side', async () => {
    const { dial } = await listening((connection) => {
      let said = '';
      connection.on('data', (data) => {
        said += data;
      });
      connection.once('end', () => connection.end(`${said}, heard`));
    });
    const socket = dial();
    socket.end('done');
    expect((await buffer(socket)).toString()).toBe('done, heard');
  });

  it('is not held up by a connection that nobody reads, and takes only little of it', async () => {
    const { dial, handedOver } = await listening((connection) => {
      if (handedOver.length === 2) connection.end('quick');
    });
    const flood = dial();
    flood.write(Buffer.alloc(30_000_000));
    await once(flood, 'connect');
    expect((await buffer(dial())).toString()).toBe('quick');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(handedOver[0]?.readableLength).toBeLessThan(1_000_000);
  });

  it('is not held up by a program that does not read', async () => {
    const { dial, handedOver } = await listening();
    const deaf = dial().pause();
    await once(deaf, 'connect');
    const other = dial();
    await expect.poll(() => handedOver.length).toBe(2);
    handedOver[0]?.write(Buffer.alloc(30_000_000));
    handedOver[1]?.end('quick');
    expect((await buffer(other)).toString()).toBe('quick');
  });

  it('keeps 250 connections apart, and turns away what is too many', async () => {
    const { dial, handedOver } = await listening((connection) => connection.pipe(connection));
    const answerTo = async (socket: Socket, word: string) => {
      socket.write(word);
      return (await once(socket, 'data')).toString();
    };
    const sockets = Array.from({ length: 250 }, dial);
    const words = sockets.map((_, index) => `word ${index}`);
    expect(await Promise.all(sockets.map((socket, index) => answerTo(socket, words[index] ?? '')))).toEqual(
      words,
    );
    await Promise.all(Array.from({ length: 6 }, dial).map((socket) => once(socket, 'connect')));
    expect(await goneBy(dial())).toBe('ECONNRESET');
    expect(handedOver).toHaveLength(256);
  });

  it('tells each side that the other is gone', async () => {
    const { dial, handedOver } = await listening();
    const leaving = dial();
    await expect.poll(() => handedOver.length).toBe(1);
    leaving.resetAndDestroy();
    if (!handedOver[0]?.destroyed) await once(handedOver[0] as Duplex, 'close');
    const left = dial();
    await expect.poll(() => handedOver.length).toBe(2);
    handedOver[1]?.destroy();
    expect(await goneBy(left)).toBe('ECONNRESET');
  });

  it('takes no more connections once it is closed, and keeps those that are open', async () => {
    const { dial, listener, handedOver } = await listening((connection) => connection.pipe(connection));
    const kept = dial();
    await expect.poll(() => handedOver.length).toBe(1);
    await listener.close();
    await expect
      .poll(() => once(dial(), 'connect').catch(({ code }: { code: string }) => code))
      .toBe('ECONNREFUSED');
    kept.write('still');
    expect((await once(kept, 'data')).toString()).toBe('still');
  });

  it('refuses a port that is taken, and says so', async () => {
    const taken = createTcpServer().listen(0, '127.0.0.1');
    endings.push(() => taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const listens = startRelay().link.listen(port, () => {});
    await expect(listens).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: expect.stringMatching(`^Port ${port} .*: Address already in use\\.$`),
    });
  });

  it('says when it is lost, and not when it is closed', async () => {
    const { listener, kill, dial, handedOver } = await listening();
    dial();
    await expect.poll(() => handedOver.length).toBe(1);
    kill();
    expect(await listener.lost).toMatchObject({ code: 'sandbox-failed' });
    expect(handedOver[0]?.destroyed).toBe(true);

    const wanted = await listening();
    let isLost = false;
    void wanted.listener.lost.then(() => {
      isLost = true;
    });
    wanted.link.close();
    await expect(wanted.link.listen(0, () => {})).rejects.toMatchObject({ code: 'sandbox-failed' });
    expect(isLost).toBe(false);
  });
});
