/**
 * One shell word on one line. A line break becomes `"$n"`, so the reader must have set the variable `n` to a line break: the resident
 * loops read their input line by line.
 */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`).replaceAll('\n', `'"$n"'`)}'`;
}

/** `export` commands for the variables; names that are no shell names are left out. */
export function exports(env: Record<string, string>): string {
  return Object.entries(env)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}=${quote(value)}; `)
    .join('');
}
