import Docker from 'dockerode';

/** Names of the containers that a run has on the engine. */
export async function containersOf(run: string): Promise<string[]> {
  const found = await new Docker().listContainers({ all: true, filters: { label: [`proctor.run=${run}`] } });
  return found.flatMap(({ Names }) => Names);
}

/** Names of the containers that processes have, or had when they were killed, by the processes' ids. */
export async function containersOwnedBy(pids: readonly (number | undefined)[]): Promise<string[]> {
  const found = await new Docker().listContainers({ all: true, filters: { label: ['proctor.owner'] } });
  const isTheirs = (owner = '') => pids.some((pid) => owner.split(':')[1] === String(pid));
  return found.flatMap(({ Names, Labels }) => (isTheirs(Labels['proctor.owner']) ? Names : []));
}
