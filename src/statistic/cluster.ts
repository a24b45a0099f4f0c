/** Groups what shares a cluster; what has none is one of its own. */
export function clustersOf<T>(items: readonly T[], clusterOf: (item: T) => string | undefined): T[][] {
  const named = new Map<string | T, T[]>();
  for (const item of items) {
    const key = clusterOf(item) ?? item;
    const own = named.get(key);
    if (own) own.push(item);
    else named.set(key, [item]);
  }
  return [...named.values()];
}
