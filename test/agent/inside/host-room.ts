import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Room } from '../../../src/agent/agent.ts';
import { temporaryFolder } from '../../folder.ts';

/** A room that is a folder of this machine, whose programs are this machine's. A port that is asked for is another one on it. */
export function hostRoom(): Room & { dir: string; port(): number } {
  const dir = temporaryFolder();
  let port = 0;
  return {
    dir,
    port: () => port,
    info: { provider: 'docker', profile: 'hardened', engine: 'none', user: 'agent', workdir: dir },
    files: {
      write: async (files: { path: string; content: Uint8Array }[]) => {
        for (const { path, content } of files) {
          await mkdir(dirname(join(dir, path)), { recursive: true });
          await writeFile(join(dir, path), content);
        }
      },
    } as unknown as Room['files'],
    async listen(_, onConnection) {
      const server = createServer(onConnection).listen(0, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo);
      return { port, lost: new Promise<never>(() => {}), close: async () => void server.close() };
    },
    async spawn([file = '', ...args], { env, cwd } = {}) {
      const child = spawn(file, args, { cwd, detached: true, env: { ...process.env, ...env } });
      child.stdin.on('error', () => {});
      return {
        write: async (data) => void child.stdin.write(data),
        onStdout: (listener) => child.stdout.on('data', listener),
        onStderr: (listener) => child.stderr.on('data', listener),
        exited: new Promise((resolve) => child.on('close', (code) => resolve(code))),
        kill: async () => {
          try {
            process.kill(-(child.pid ?? 0), 'SIGKILL');
          } catch {}
        },
      };
    },
  };
}
