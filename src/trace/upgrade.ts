import { ProctorError } from '../errors.ts';
import type { JsonObject } from '../schema/json.ts';
import { traceVersion } from '../schema/trace-event.ts';

/** Turns an event of version N into one of N+1; `version` itself is set for it. */
export type Upgrade = (event: JsonObject) => JsonObject;

/** N → how an event of version N becomes one of N+1. */
const upgrades: Readonly<Record<number, Upgrade>> = {};

/** What brings events of a version up to the newest. Throws `bad-trace` where there is no way from it. */
export function upgradeFrom(
  version: unknown,
  table: Readonly<Record<number, Upgrade>> = upgrades,
  newest: number = traceVersion,
): Upgrade {
  if (typeof version !== 'number' || !Number.isInteger(version)) {
    throw new ProctorError(
      'bad-trace',
      `expected a first event trial.started with a version, got ${version}`,
    );
  }
  if (version > newest) {
    throw new ProctorError(
      'bad-trace',
      `trace version ${version} is newer than ${newest}, the newest known here`,
    );
  }
  const steps = range(version, newest).map((from) => upgradeTo(from, table));
  return (event) => steps.reduce((older, step) => step(older), event);
}

function upgradeTo(from: number, table: Readonly<Record<number, Upgrade>>): Upgrade {
  const upgrade = table[from];
  if (upgrade === undefined) {
    throw new ProctorError(
      'bad-trace',
      `trace version ${from} is too old: nothing upgrades it to ${from + 1}`,
    );
  }
  return (event) => {
    const newer = upgrade(event);
    return newer.type === 'trial.started' ? { ...newer, version: from + 1 } : newer;
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
