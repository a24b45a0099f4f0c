/** Variables whose values never reach a trace: keys, tokens and passwords by the usual names. */
export function secretsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        /(_KEY|_TOKEN|_SECRET|PASSWORD)$/i.test(entry[0]) && (entry[1]?.length ?? 0) >= 8,
    ),
  );
}
