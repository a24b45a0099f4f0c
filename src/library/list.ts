/** What may be given alone or as a list, as a list. */
export function listOf<T>(given: T | readonly T[] | undefined): T[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? [...given] : [given as T];
}
