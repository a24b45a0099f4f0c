/** Output of `tr SET1 SET2` and `tr -d SET1` over a known input. */
export function translate(args: readonly string[], stdin: string | undefined): string | undefined {
  if (stdin === undefined) return undefined;
  const removes = args[0] === '-d';
  const from = charactersOf(args[removes ? 1 : 0]);
  if (!from) return undefined;
  if (removes) return [...stdin].filter((c) => !from.includes(c)).join('');
  const to = charactersOf(args[1]);
  const last = to?.at(-1);
  if (!to || last === undefined) return undefined;
  return [...stdin].map((c) => (from.includes(c) ? (to[from.lastIndexOf(c)] ?? last) : c)).join('');
}

function charactersOf(set: string | undefined): string[] | undefined {
  if (set === undefined || set.startsWith('-') || set.includes('[:')) return undefined;
  const plain = set.replace(/\\n/g, '\n').replace(/\\t/g, '\t');
  const all: string[] = [];
  for (let at = 0; at < plain.length; at += 1) {
    const start = plain.charCodeAt(at);
    const end = plain[at + 1] === '-' ? plain.charCodeAt(at + 2) : Number.NaN;
    if (Number.isNaN(end)) {
      all.push(plain.charAt(at));
      continue;
    }
    for (let code = start; code <= end; code += 1) all.push(String.fromCharCode(code));
    at += 2;
  }
  return all;
}
