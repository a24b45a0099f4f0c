import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { cli } from '../../cli/proctor.ts';
import type { PostgresServer } from '../../queue/postgres.ts';
import { makeNetwork, mayMakeNetworks, type Network } from './network.ts';
import { tinyDisk } from './tiny-disk.ts';

export interface Storm {
  /** Started with `everywhere`. */
  server: PostgresServer;
  seed: number;
  workers: number;
  /** A suite whose trials are made, by agents `right` and `wrong`. */
  suite: string;
  attempts: number;
  /** How often something is broken, if the run lasts so long. */
  blows: number;
  /** Least and most milliseconds between two. */
  everyMs: [number, number];
  leaseSeconds: number;
}

/** What was done to a run, and what came of it. */
export interface Aftermath {
  run: string;
  out: string;
  /** Address of the database. */
  queue: string;
  /** How often each kind of blow fell. */
  blows: Record<string, number>;
  /** What who followed it last said. */
  stderr: string;
  code: number | null;
  seconds: number;
  /** Whether each worker had a network of its own. */
  networks: boolean;
}

interface Program {
  kill(signal: NodeJS.Signals): void;
  ended: Promise<number | null>;
  stderr(): string;
  isRunning(): boolean;
}

function start(command: readonly string[], env: Record<string, string>): Program {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return {
    kill: (signal) => void child.kill(signal),
    ended: once(child, 'close').then(([code]) => code as number | null),
    stderr: () => stderr,
    isRunning: () => child.exitCode === null && child.signalCode === null,
  };
}

/**
 * Has workers make a run, and kills, stops, cuts off and fills up what it can reach, as the seed says, until nothing of the run is left.
 * What is broken is mended after a while: a worker that has ended is started again, with another clock.
 */
export async function storm({ server, seed, ...given }: Storm): Promise<Aftermath> {
  const random = xoroshiro128plus(seed);
  const pick = (most: number) => uniformInt(random, 0, most - 1);
  const { workers, leaseSeconds } = given;
  const local = await server.database();
  const out = mkdtempSync(join(tmpdir(), 'proctor-storm-'));
  const url = (host: string) =>
    `postgres://proctor:secret@${host}:${server.port}/${new URL(local).pathname.slice(1)}`;
  const networks: Network[] = mayMakeNetworks
    ? Array.from({ length: workers }, (_, at) => makeNetwork(at))
    : [];
  const disk = tinyDisk(join(out, '.disk'));
  const blows: Record<string, number> = {};
  const mending = new Set<Promise<void>>();
  let isOver = false;
  const mend = (afterMs: number, action: () => void) => {
    const done: Promise<void> = sleep(afterMs).then(() => {
      mending.delete(done);
      action();
    });
    mending.add(done);
  };
  const workOf = (at: number) => (at === 0 ? disk.dir : join(out, `.work-${at}`));
  const startWorker = (at: number): Program => {
    const network = networks[at];
    mkdirSync(workOf(at), { recursive: true });
    return start(
      [
        ...(network?.enter ?? []),
        ...[process.execPath, '--import', fileURLToPath(new URL('skew.mjs', import.meta.url)), cli, 'worker'],
        ...['--queue', url(network?.host ?? '127.0.0.1'), '--sandbox', 'embedded', '--capacity', '2'],
        ...['--lease', String(leaseSeconds), '--work', workOf(at)],
      ],
      { PROCTOR_TEST_SKEW: String((pick(41) - 20) * 60_000) },
    );
  };
  const crew = Array.from({ length: workers }, (_, at) => startWorker(at));
  const agents = ['right', 'wrong'].flatMap((name) => ['--agent', `scripted:${name}`]);
  const began = performance.now();
  let follower = start(
    [
      ...[
        process.execPath,
        cli,
        'run',
        given.suite,
        ...agents,
        '-n',
        String(given.attempts),
        '--sandbox',
        'embedded',
      ],
      ...['--out', out, '--queue', local, '--store', join(out, '.store'), '--max-tries', '50'],
    ],
    {},
  );
  const attach = (run: string) =>
    start([process.execPath, cli, 'attach', run, '--queue', local, '--out', out], {});
  try {
    const run = await begun(out, follower);
    const kinds: Record<string, (at: number) => void | Promise<void>> = {
      'worker killed': (at) => crew[at]?.kill('SIGKILL'),
      'worker stopped past its lease': (at) => {
        const worker = crew[at];
        worker?.kill('SIGSTOP');
        mend(leaseSeconds * (1500 + pick(1000)), () => worker?.kill('SIGCONT'));
      },
      'connections cut': async () => {
        await server.ask(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'proctor'",
        );
      },
      'follower killed': () => follower.kill('SIGKILL'),
      'disk full': () => {
        disk.fill();
        mend(1000 + pick(2000), disk.empty);
      },
      ...(networks.length > 0 && {
        'cable pulled': (at: number) => {
          networks[at]?.cable(false);
          mend(leaseSeconds * (500 + pick(1500)), () => networks[at]?.cable(true));
        },
      }),
    };
    const names = ['worker killed', 'worker killed', ...Object.keys(kinds)];
    const nursing = (async () => {
      while (!isOver) {
        for (const [at, worker] of crew.entries()) if (!worker.isRunning()) crew[at] = startWorker(at);
        if (!follower.isRunning() && (await follower.ended) !== 0 && !isOver) follower = attach(run);
        await sleep(200);
      }
    })();
    for (let blow = 0; blow < given.blows; blow++) {
      const pause = uniformInt(random, ...given.everyMs);
      if (await Promise.race([finished(() => follower), sleep(pause).then(() => false)])) break;
      const name = names[pick(names.length)] ?? '';
      blows[name] = (blows[name] ?? 0) + 1;
      await kinds[name]?.(pick(workers));
    }
    while (!(await finished(() => follower)));
    isOver = true;
    await nursing;
    const seconds = (performance.now() - began) / 1000;
    await Promise.all(mending);
    for (const worker of crew) worker.kill('SIGTERM');
    await Promise.all(crew.map(({ ended }) => ended));
    return {
      ...{ run, out, queue: local, blows, seconds, networks: networks.length > 0 },
      ...{ code: await follower.ended, stderr: follower.stderr() },
    };
  } finally {
    isOver = true;
    await Promise.all(mending);
    for (const one of [...crew, follower]) one.kill('SIGKILL');
    await Promise.all([...crew, follower].map(({ ended }) => ended));
    for (const network of networks) network.remove();
    disk.remove();
  }
}

/** Whether who follows the run came to its end: was not killed before, nor cut off before it could begin to wait for the database. */
async function finished(follower: () => Program): Promise<boolean> {
  const now = follower();
  const code = await now.ended;
  const isCutOff = code === 3 && /^proctor: postgres:\/\/.*\n$/m.test(now.stderr().slice(-500));
  if (now === follower() && code !== null && !isCutOff) return true;
  await sleep(100);
  return false;
}

async function begun(out: string, { isRunning, stderr }: Program): Promise<string> {
  for (;;) {
    const run = readdirSync(out).find((name) => existsSync(join(out, name, 'run.json')));
    if (run) return run;
    if (!isRunning()) throw new Error(`the run did not begin: ${stderr()}`);
    await sleep(50);
  }
}

const bash = (command: string) => ({ tool: 'bash', arguments: { command } });

/** Five tasks that are done in three short steps, or not done by an agent that stops before. */
export function stormSuite(): string {
  const suite = mkdtempSync(join(tmpdir(), 'proctor-storm-suite-'));
  for (let at = 1; at <= 5; at++) {
    const files = {
      'task.toml': `[task]\nname = "storm/t${at}"\n`,
      'instruction.md': 'Count.',
      'proctor.toml': `environment = "shell"\n[verify]\nby = "state"\nmay_change = ["/home/agent/work/**"]\n[[verify.must]]\nname = "counted"\ncheck = '''state["/home/agent/work/n"].size > ${2 * at}'''\n`,
      'agents/right.json': JSON.stringify([
        bash('echo 1 > n; sleep 0.1'),
        bash(`for i in $(seq ${at}); do echo $i >> n; done; sleep 0.1`),
        bash('cat n nothing'),
        { tool: 'submit', arguments: { answer: 'done' } },
      ]),
      'agents/wrong.json': JSON.stringify([
        bash('echo 1 > n'),
        { tool: 'submit', arguments: { answer: 'done' } },
      ]),
    };
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(suite, `t${at}`, name, '..'), { recursive: true });
      writeFileSync(join(suite, `t${at}`, name), content);
    }
  }
  return suite;
}
