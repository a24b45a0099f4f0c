import { digestOf, readFolder } from '../../schema/author-folder.ts';
import { loadGenerator } from '../../task/generate/generator.ts';
import { instanceOf } from '../../task/generate/instance.ts';
import { isGenerated } from '../../task/generator-file.ts';
import type { Task } from '../../task/task.ts';
import { type AuditLine, flawIf, notLookedAt } from './audit-line.ts';

/** Whether instances by these seeds differ from each other and from the published task. Throws `bad-file` where the generator fails. */
export async function seedLine(task: Task, seeds: readonly string[]): Promise<AuditLine> {
  if (!isGenerated(task.dir)) return notLookedAt('seed', 'it has no generate.ts');
  const generator = await loadGenerator(task.dir);
  const digests = new Map<string, string[]>();
  for (const seed of seeds) {
    const made = await instanceOf(task, { seed, generator });
    const content = digestOf(readFolder(made.dir).filter(({ path }) => path !== 'instance.json'));
    digests.set(content, [...(digests.get(content) ?? []), seed]);
  }
  const problems = [...digests.values()]
    .filter((same) => same.length > 1)
    .map(
      (same) =>
        `generate.ts makes the same of the seeds ${same.join(', ')}: let what it makes follow from them`,
    );
  return flawIf('seed', problems, `${seeds.length} seeds make ${digests.size} instances`);
}
