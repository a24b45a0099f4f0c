import { setTimeout as sleep } from 'node:timers/promises';
import type { LeftoverProcesses } from '../sandbox.ts';
import type { ContainerInit } from './container-init.ts';

/** More processes than this are only counted: the limit of processes may not allow one that lists them. */
const maxListed = 64;
const timeoutMs = 5_000;
/** Rechecks, and the pause before each: a process that is just ending is not left running. */
const maxRechecks = 4;
const recheckMs = 300;

const counters = [
  '/sys/fs/cgroup/memory.events',
  '/sys/fs/cgroup/memory/memory.oom_control',
  '/sys/fs/cgroup/pids.events',
  '/sys/fs/cgroup/pids/pids.events',
];

/** Prints its own process id, then the status of every process, then the counters of the container's limits. */
const command = `read -r self rest < /proc/self/stat; echo "$self"; cat /proc/[0-9]*/status; echo; tail -n +1 ${counters.join(' ')}`;

/** The processes that outlived their commands, and how often the container's limits were met. Never rejects. */
export async function leftoverProcesses(init: ContainerInit): Promise<LeftoverProcesses> {
  const count = await init.count();
  if (count > maxListed) return { count, processes: [] };
  let seen = await look(init);
  for (let recheck = 0; seen && seen.leftovers.length > 0 && recheck < maxRechecks; recheck++) {
    await sleep(recheckMs);
    const before = new Set(seen.leftovers.map(({ pid }) => pid));
    const now = await look(init);
    seen = now && { ...now, leftovers: now.leftovers.filter(({ pid }) => before.has(pid)) };
  }
  if (!seen) return { count, processes: [] };
  const names = seen.leftovers.map(({ name }) => name);
  return { count: names.length, processes: names, ...seen.counters };
}

async function look(init: ContainerInit) {
  const output = await init.run(command, timeoutMs).catch(() => undefined);
  if (!output) return undefined;
  const text = output.toString();
  const leftovers = leftoversAmong(processesIn(text), text.slice(0, text.indexOf('\n')));
  return { leftovers, counters: countersIn(text) };
}

interface Process {
  name: string;
  pid: string;
  parent: string;
  ended: boolean;
}

function processesIn(text: string): Process[] {
  const field = (status: string, name: string) =>
    new RegExp(`^${name}:\\t(\\S+)`, 'm').exec(status)?.[1] ?? '';
  return text.split(/^(?=Name:\t)/m).flatMap((status) => {
    const pid = field(status, 'Pid');
    const process = { name: field(status, 'Name'), pid, parent: field(status, 'PPid') };
    return pid ? [{ ...process, ended: field(status, 'State') === 'Z' }] : [];
  });
}

/**
 * Processes that the main process inherited when their parent ended, and what those started. Shells and servers that the
 * harness started have a parent outside of the container. `self` is the process that listed them.
 */
function leftoversAmong(processes: Process[], self: string): Process[] {
  const orphans = processes.filter(({ pid, parent }) => parent === '1' && pid !== self);
  const below = (root: Process): Process[] => [
    root,
    ...processes.filter(({ parent }) => parent === root.pid).flatMap(below),
  ];
  return orphans.flatMap(below).filter(({ ended }) => !ended);
}

function countersIn(text: string): Pick<LeftoverProcesses, 'oomKills' | 'pidsRefused'> {
  const oomKills = /^oom_kill (\d+)$/m.exec(text)?.[1];
  const pidsRefused = /pids\.events <==\nmax (\d+)$/m.exec(text)?.[1];
  return {
    ...(oomKills !== undefined && { oomKills: Number(oomKills) }),
    ...(pidsRefused !== undefined && { pidsRefused: Number(pidsRefused) }),
  };
}
