import { posix } from 'node:path';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ServiceGroup } from '../sandbox/service.ts';
import type { LiveTrial } from './live-trial.ts';

/** The names by which a sandbox reaches its services. */
export const serviceHosts = ({ services }: ServiceGroup): string[] => [
  ...new Set(services.flatMap(({ name, networks }) => [name, ...networks.flatMap(({ aliases }) => aliases)])),
];

/** Records what went wrong with the services since the last time, on a step; before the first on none. */
export async function recordTroubles(live: LiveTrial, step: number): Promise<void> {
  const { recorder } = live.parts;
  for (const { log, ...trouble } of (await live.sandbox?.serviceTroubles?.()) ?? [])
    recorder.append({
      type: 'service.failed',
      ...(step >= 0 && { step }),
      ...trouble,
      log: recorder.bodies.text(log),
    });
}

/** A sandbox whose commands of the harness and files are those of one of its services. */
export function inService(sandbox: Sandbox, service: string | undefined): Sandbox {
  if (service === undefined || service === 'main') return sandbox;
  const { files } = sandbox;
  const at = (path: string) => `${service}:${path}`;
  return {
    ...sandbox,
    exec: (command, options) => sandbox.exec(command, { ...options, service }),
    files: {
      ...files,
      read: (path) => files.read(at(path)),
      write: (all, options) =>
        files.write(
          all.map((file) => ({ ...file, path: at(file.path) })),
          options,
        ),
      collect: (paths) => files.collect(paths.map(at)),
    },
  };
}

/** A path as it is in its own container, without the name of a service. */
export const withoutService = (path: string): string => path.replace(/^[\w.-]+:(?=\/)/, '');

/** A path of a service, or of the sandbox itself, relative to one of the same. */
export const relativePath = (from: string, to: string): string =>
  posix.relative(withoutService(from), withoutService(to));
