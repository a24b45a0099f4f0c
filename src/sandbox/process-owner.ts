import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** This process, distinct from any other of its process namespace that has or had the same id: `<boot>:<pid>:<start>`. */
export function ownerOfThisProcess(): string {
  return ownerOf(process.pid) ?? `host-${hostname()}:${process.pid}:0`;
}

/** What process ids of one boot are told apart by: a pid means something else in another namespace. */
export function namespaceOfThisProcess(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
  } catch {
    return '';
  }
}

/** Whether the process that an owner names still runs; `unseen` where it is of another machine, boot or process namespace. */
export function stateOfOwner(owner: string, namespace: string): 'lives' | 'gone' | 'unseen' {
  const [boot = '', pid] = owner.split(':');
  if (boot !== ownerOfThisProcess().split(':')[0] || namespace !== namespaceOfThisProcess()) return 'unseen';
  const lives = boot.startsWith('host-') ? processExists(Number(pid)) : ownerOf(Number(pid)) === owner;
  return lives ? 'lives' : 'gone';
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
