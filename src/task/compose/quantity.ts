const byteUnits = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const timeUnits = { us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Bytes of a size such as 1024, "512m" or "2gb"; undefined where it is not one. */
export function bytesOf(size: string | number): number | undefined {
  const [, amount, unit = 'b'] = /^(\d+(?:\.\d+)?)\s*([bkmgt])?i?b?$/i.exec(String(size).trim()) ?? [];
  if (amount === undefined) return undefined;
  return Math.round(Number(amount) * byteUnits[unit.toLowerCase() as keyof typeof byteUnits]);
}

/** Milliseconds of a duration such as "1m30s"; undefined where it is not one. */
export function millisecondsOf(duration: string): number | undefined {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== duration.trim()) return undefined;
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * timeUnits[unit as keyof typeof timeUnits],
    0,
  );
}
