import type { HarborEnvironment, HarborTask } from '../../schema/harbor-task.ts';

type NetworkRequest = Pick<HarborTask['agent'], 'network_mode' | 'allowed_hosts'>;

/** The network that a part of a task asks for; `own` is preferred to the environment's. The format's default is public. */
export function networkMode(
  own: NetworkRequest,
  environment: HarborEnvironment,
): 'public' | 'no-network' | 'allowlist' {
  const asked = own.network_mode ?? environment.network_mode;
  return asked ?? (environment.allow_internet === false ? 'no-network' : 'public');
}

/** Whole megabytes of the format's older form of a size, such as "2G" or "512M"; undefined where it is not one. */
export function megabytes(size: string | null | undefined): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT])i?B?$/i.exec(size ?? '') ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const factor = { K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 }[unit.toUpperCase()] ?? 1;
  return Math.ceil(Number(amount) * factor);
}
