import type { Sandbox, SandboxProvider } from '../../src/sandbox/sandbox.ts';

const kept = ['/etc', '/home', '/root', '/usr/local', '/var/spool', '/var/log', '/var/backups'];
const emptied = ['/srv', '/opt', '/mnt', '/tmp', '/var/tmp', '/var/www', '/run', '/dev/shm'];
const store = '/var/lib/world';

const keep = `mkdir -m 700 ${store} && for d in ${kept.join(' ')}; do mkdir -p ${store}$d && cp -a $d/. ${store}$d; done; touch ${store}/mark`;

/** Brings back what changed; the engine's own mounts in /etc can't be removed and stay, and so do the folders in which shells may begin. Few processes, since each costs time. */
const restore = `for d in $(find ${kept.join(' ')} -xdev -cnewer ${store}/mark -printf '%H\\n' | sort -u); do
  find $d -xdev -mindepth 1 ! -path /home/agent ! -path /home/agent/work -delete; cp -a ${store}$d/. $d
done
find ${emptied.join(' ')} -xdev -mindepth 1 -delete
chown root: ${emptied.join(' ')}; touch ${store}/mark; exit 0`;

/**
 * A provider whose sandboxes are used again and again: when one is closed its processes are dead, its files are put
 * back, its shell begins where and as the first one did, and what is left of its network log is dropped. One whose limits were met, or that is broken, is given up.
 */
export function sharing(provider: SandboxProvider): SandboxProvider {
  const idle: Sandbox[] = [];
  const exports = new Map<string, string>();
  const lend = (sandbox: Sandbox): Sandbox => {
    let spent = false;
    return {
      ...sandbox,
      quiesce: async () => {
        const remains = await sandbox.quiesce();
        // Where the counters could not be read for all the processes, they may have counted.
        spent = remains.oomKills !== 0 || remains.pidsRefused !== 0;
        return remains;
      },
      close: async () => {
        if (!spent && (await restored(sandbox))) idle.push(sandbox);
        else await sandbox.close();
      },
    };
  };
  return {
    ...provider,
    open: async (spec, signal) => {
      const waiting = idle.pop();
      if (waiting) {
        await waiting.resume();
        await waiting.exec(`unset $(compgen -e) 2>/dev/null; ${exports.get(waiting.id)}\ncd ${spec.workdir}`);
        return lend(waiting);
      }
      const sandbox = await provider.open(spec, signal);
      await sandbox.exec(keep, { as: 'harness' });
      exports.set(sandbox.id, (await sandbox.exec('export -p')).stdout.toString());
      return lend(sandbox);
    },
    close: async () => {
      await Promise.all(idle.map((sandbox) => sandbox.close()));
      await provider.close();
    },
  };
}

async function restored(sandbox: Sandbox): Promise<boolean> {
  try {
    const { exitCode } = await sandbox.exec(restore, { as: 'harness', timeoutMs: 20_000 });
    await sandbox.attempts?.();
    return exitCode === 0;
  } catch {
    return false;
  }
}
