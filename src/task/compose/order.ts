import type { Dependency } from '../../sandbox/service.ts';

/** Services with those that others depend on first, else in their order; the names of a circle where there is one. */
export function inStartOrder<T extends { name: string; dependsOn: readonly Dependency[] }>(
  services: readonly T[],
): T[] | { circle: string[] } {
  const ordered: T[] = [];
  const left = [...services];
  while (left.length > 0) {
    const index = left.findIndex(({ dependsOn }) =>
      dependsOn.every(({ service }) => !left.some(({ name }) => name === service)),
    );
    const [next] = index < 0 ? [] : left.splice(index, 1);
    if (!next) return { circle: left.map(({ name }) => name) };
    ordered.push(next);
  }
  return ordered;
}
