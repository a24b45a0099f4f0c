import { readFileSync } from 'node:fs';

/** This process, distinct from any other that has or had the same id: `<boot>:<pid>:<start>`. */
export function ownerOfThisProcess(): string {
  return ownerOf(process.pid) ?? `unknown:${process.pid}:0`;
}

/** Whether the process that an owner names still runs on this machine. Owners of other machines or boots count as gone. */
export function ownerLives(owner: string): boolean {
  const [, pid] = owner.split(':');
  if (owner.startsWith('unknown:')) return processExists(Number(pid));
  return ownerOf(Number(pid)) === owner;
}

function ownerOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}:${pid}:${startTicks}`;
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine has this id now. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
