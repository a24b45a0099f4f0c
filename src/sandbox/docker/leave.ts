import type { RunningContainer } from './container.ts';
import { quote } from './quote.ts';

/** Lets go of a container that was started to be left running, and says how to enter and how to remove it. */
export function detachContainer(
  running: RunningContainer,
  workdir: string,
): { enter: string; remove: string } {
  running.release();
  const beside = running.gateway ? ` ${running.gateway.name}` : '';
  return {
    enter: `docker exec -it -w ${quote(workdir)} ${running.name} sh`,
    remove: `docker rm -f ${running.name}${beside}`,
  };
}
