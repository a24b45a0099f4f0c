import { digestOf, readFolder } from '../../schema/author-folder.ts';
import { checkInstances, type InstanceGroup } from '../check-instances.ts';
import type { CheckParts } from '../checked-trial.ts';
import { type AuditLine, flawIf, notLookedAt } from './audit-line.ts';

/** Whether instances differ from each other in more than their seeds. */
export function seedLine({ instances }: Pick<InstanceGroup, 'instances'>): AuditLine {
  const seeds = new Map<string, string[]>();
  for (const { task } of instances) {
    const content = digestOf(readFolder(task.dir).filter(({ path }) => path !== 'instance.json'));
    seeds.set(content, [...(seeds.get(content) ?? []), task.instance?.seed ?? '']);
  }
  const problems = [...seeds.values()]
    .filter((same) => same.length > 1)
    .map(
      (same) =>
        `generate.ts makes the same of the seeds ${same.join(', ')}: let what it makes follow from them`,
    );
  return flawIf('seed', problems, `${instances.length} seeds make ${seeds.size} instances`);
}

/** Whether each instance is a task that holds, and all are alike. */
export async function instancesLine(group: InstanceGroup, parts: CheckParts): Promise<AuditLine> {
  const [result] = await checkInstances([group], parts);
  if (!result) return notLookedAt('instances', 'none was made');
  return flawIf(
    'instances',
    result.proofs.flatMap(({ name, problems }) => problems.map((line) => `${name}: ${line}`)),
    'every proof of `check`, by seeds that nobody has used before',
  );
}
