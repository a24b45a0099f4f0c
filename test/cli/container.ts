import Docker from 'dockerode';

/** Names of the containers that a run has on the engine. */
export async function containersOf(run: string): Promise<string[]> {
  const found = await new Docker().listContainers({ all: true, filters: { label: [`proctor.run=${run}`] } });
  return found.flatMap(({ Names }) => Names);
}
