import { execFileSync } from 'node:child_process';

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });

/** Whether this process may make network namespaces, which takes root and `ip`. */
export const mayMakeNetworks = (() => {
  try {
    ip('netns', 'add', 'proctor-try');
    ip('netns', 'delete', 'proctor-try');
    return true;
  } catch {
    return false;
  }
})();

/** A network namespace with one cable to this machine. */
export interface Network {
  /** This machine, as seen from inside. */
  host: string;
  /** What stands before a command so that it runs inside. */
  enter: string[];
  /** Pulls the cable out or plugs it in. */
  cable(isIn: boolean): void;
  remove(): void;
}

/** @param at of several, from 0 to 63 */
export function makeNetwork(at: number): Network {
  const name = `proctor-${process.pid}-${at}`;
  const cable = `pq${process.pid % 100_000}.${at}`;
  const [host, inside] = [`10.213.${at}.1`, `10.213.${at}.2`];
  ip('netns', 'add', name);
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  ip('address', 'add', `${host}/30`, 'dev', cable);
  ip('link', 'set', cable, 'up');
  ip('-n', name, 'address', 'add', `${inside}/30`, 'dev', 'eth0');
  ip('-n', name, 'link', 'set', 'eth0', 'up');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  return {
    host,
    enter: ['ip', 'netns', 'exec', name],
    cable: (isIn) => void ip('link', 'set', cable, isIn ? 'up' : 'down'),
    remove: () => void ip('netns', 'delete', name),
  };
}
