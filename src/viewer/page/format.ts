type Scored<T> = T | { unscored: string };

export function isUnscored(value: unknown): value is { unscored: string } {
  return typeof value === 'object' && value !== null && 'unscored' in value;
}

const none = '–';

/** `83 %` */
export function share(value: Scored<number> | undefined): string {
  return typeof value === 'number' ? `${Math.round(value * 100)} %` : none;
}

type Interval = { low: number; high: number };

/** `50 % (21 to 79 %)`; breaks before the interval only. */
export function estimate(value: Scored<{ mean: number; interval?: Interval | undefined }>): string {
  if (isUnscored(value)) return none;
  return value.interval ? `${share(value.mean)} (${between(value.interval)})` : share(value.mean);
}

/** `1 of 8 (2 to 47 %)` */
export function proportion(value: Scored<{ count: number; n: number; interval: Interval }>): string {
  if (isUnscored(value)) return none;
  return `${value.count} of ${value.n} (${between(value.interval)})`;
}

function between({ low, high }: Interval): string {
  return `${Math.round(low * 100)} to ${Math.round(high * 100)} %`.replaceAll(' ', '\u00a0');
}

/** `$0.0042`, `$1.20` */
export function money(value: Scored<number> | undefined): string {
  if (typeof value !== 'number') return none;
  return value !== 0 && value < 0.1 ? `$${value.toFixed(4)}` : `$${value.toFixed(2)}`;
}

/** `950`, `12.3k`, `4.5M` */
export function count(value: Scored<number> | undefined): string {
  if (typeof value !== 'number') return none;
  if (value < 1000) return String(Math.round(value * 10) / 10);
  return value < 1e6 ? `${(value / 1000).toFixed(1)}k` : `${(value / 1e6).toFixed(1)}M`;
}

/** `0.4 ms`, `340 ms`, `12.5 s`, `3 min 20 s`; given in milliseconds. */
export function duration(value: Scored<number> | undefined): string {
  if (typeof value !== 'number') return none;
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 59_950) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `512 B`, `3.4 kB`, `20 MB` */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `1 step`, `2 steps` */
export function several(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `yes`, `no`, or why it is not known. */
export function yesNo(value: Scored<boolean> | undefined): string {
  if (typeof value !== 'boolean') return none;
  return value ? 'yes' : 'no';
}
