import { join } from 'node:path';
import type { ServiceGroup } from '../../sandbox/service.ts';
import { badFile } from '../../schema/author-file.ts';
import type { HarborTask } from '../../schema/harbor-task.ts';
import type { TaskAdditions } from '../../schema/task.ts';

/** Every service that a task names is one of its compose file. Throws `bad-file` with the first that is not. */
export function requireServices(
  dir: string,
  { artifacts, verifier, steps }: HarborTask,
  { verify, state }: TaskAdditions,
  group: ServiceGroup | undefined,
): void {
  const known = ['main', ...(group?.services ?? []).map(({ name }) => name)];
  const require = (file: string, where: string, service: string | null | undefined) => {
    if (service === undefined || service === null || known.includes(service)) return;
    throw badFile(
      join(dir, file),
      `${where}: there is no service "${service}"; expected ${known.join(', ')}`,
    );
  };
  for (const [prefix, holder] of [
    ['', { artifacts, verifier }],
    ...(steps ?? []).map((step, index) => [`steps[${index}].`, step] as const),
  ] as const) {
    for (const [index, one] of holder.artifacts.entries())
      if (typeof one !== 'string') require('task.toml', `${prefix}artifacts[${index}].service`, one.service);
    for (const [index, { service }] of holder.verifier.collect.entries())
      require('task.toml', `${prefix}verifier.collect[${index}].service`, service);
  }
  if (verify?.by === 'script') require('proctor.toml', 'verify.service', verify.service);
  for (const [index, path] of (state?.paths ?? []).entries())
    require('proctor.toml', `state.paths[${index}]`, /^([\w.-]+):\//.exec(path)?.[1]);
}
