import type { LeftoverProcesses } from '../sandbox.ts';
import type { ContainerInit } from './container-init.ts';

/** Above this many, processes are only counted: there may be no room for one that lists them. */
const listed = 64;
const timeoutMs = 5_000;
/** How often is looked again, and milliseconds before each: what is ending anyway is not left running. */
const rounds = 4;
const settleMs = 300;

const counters = [
  '/sys/fs/cgroup/memory.events',
  '/sys/fs/cgroup/memory/memory.oom_control',
  '/sys/fs/cgroup/pids.events',
  '/sys/fs/cgroup/pids/pids.events',
];

/** Shows the own process first, then every process, then the counters of the container's limits. */
const command = `read -r self rest < /proc/self/stat; echo "$self"; cat /proc/[0-9]*/status; echo; tail -n +1 ${counters.join(' ')}`;

/** What a container's processes are, and how often its limits were met. Never rejects. */
export async function leftoverProcesses(init: ContainerInit): Promise<LeftoverProcesses> {
  const count = await init.count();
  if (count > listed) return { count, processes: [] };
  let seen = await look(init);
  for (let round = 0; seen && seen.outlivers.length > 0 && round < rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const { outlivers } = seen;
    const again = await look(init);
    const stayed = again?.outlivers.filter(({ pid }) => outlivers.some((one) => one.pid === pid));
    seen = again && stayed && { ...again, outlivers: stayed };
  }
  if (!seen) return { count, processes: [] };
  const names = seen.outlivers.map(({ name }) => name);
  return { count: names.length, processes: names, ...seen.counters };
}

async function look(init: ContainerInit) {
  const output = await init.run(command, timeoutMs).catch(() => undefined);
  if (!output) return undefined;
  const text = output.toString();
  const outlivers = outlived(processesIn(text), text.slice(0, text.indexOf('\n')));
  return { outlivers, counters: countersIn(text) };
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
 * What came to the main process when its parent ended, and what that started. Shells and servers that the harness
 * started have a parent outside of the container.
 */
function outlived(processes: Process[], self: string): Process[] {
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
