import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { Subject } from '../conformance.ts';

const largeMb = 40;

export function listenConformance({ sandbox, provider, spec }: Subject): void {
  if (!provider.capabilities.has('listen')) {
    it('has no ports that lead to the harness', () => {
      expect(sandbox().listen).toBeUndefined();
    });
    return;
  }

  /** A server of the harness: a request's body comes back as its size and digest. */
  const server = createServer((asked, answer) => {
    void buffer(asked).then((body) => {
      const digest = createHash('sha256').update(body).digest('hex');
      answer.end(`${asked.method} ${asked.url} ${body.length} ${digest}\n`);
    });
  });
  const listen = async (port = 0) => {
    const listener = await sandbox().listen?.(port, (connection) => server.emit('connection', connection));
    if (!listener) throw new Error('the sandbox does not listen');
    return listener;
  };
  const inside = async (command: string) => {
    const { stdout, stderr } = await sandbox().exec(command, { timeoutMs: 30_000 });
    return stdout.toString() + stderr.toString();
  };

  it('hands what connects to a port of its loopback over to the harness, with its network as it was', async () => {
    const { port } = await listen();
    expect(spec.network).toBe('none');
    const url = `http://127.0.0.1:${port}`;
    expect(await inside(`curl -sS -d hello ${url}/one ${url}/two | cut -c1-20`)).toBe(
      'POST /one 5 2cf24dba\nPOST /two 5 2cf24dba\n',
    );
    expect(await inside('cat /proc/net/dev | grep -c : || :')).toBe('1\n');
  });

  it('takes a large body whole, and several ports at a time', async () => {
    const [one, other] = await Promise.all([listen(), listen(18080)]);
    expect(other.port).toBe(18080);
    const zeros = createHash('sha256')
      .update(Buffer.alloc(largeMb * 1024 * 1024))
      .digest('hex');
    const post = `head -c ${largeMb}M /dev/zero | curl -sS -T - http://127.0.0.1:${one.port}/large`;
    expect(await inside(`${post} & curl -sS http://127.0.0.1:18080/small; wait`)).toMatch(
      new RegExp(`^GET /small 0 \\S+\\nPUT /large ${largeMb * 1024 * 1024} ${zeros}\\n$`),
    );
    await other.close();
    expect(await inside('curl -sS http://127.0.0.1:18080/small')).toContain('18080');
  });

  it('shows the agent no process of it', async () => {
    await listen();
    expect(await inside('cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -c "[r]elay" || :')).toBe('0\n');
    expect((await sandbox().quiesce()).processes).toEqual([]);
    await sandbox().resume();
  });

  it('refuses a port that a program of it has', async () => {
    const held = await sandbox().listen?.(0, () => {});
    await expect(sandbox().listen?.(held?.port ?? 0, () => {})).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: expect.stringContaining(`Port ${held?.port} `),
    });
  });
}
