import { ProctorError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts';
import { traceVersion } from '../schema/trial-started.ts';

/** Turns an event of version N into one of N+1; `version` itself is set for it. */
export type Upgrade = (event: JsonObject) => JsonObject;

/** N → how an event of version N becomes one of N+1. */
const upgrades: Readonly<Record<number, Upgrade>> = { 1: from1 };

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

/** Splits what probes answered by what was asked, says harness for house, and adds what a sandbox may reach. */
function from1(event: JsonObject): JsonObject {
  switch (event.type) {
    case 'probe.answered':
      return probeFrom1(event);
    case 'tool.returned':
      return event.source === 'house' ? { ...event, source: 'harness' } : event;
    case 'verifier.returned':
      return isJsonObject(event.error) && event.error.fault === 'house'
        ? { ...event, error: { ...event.error, fault: 'harness' } }
        : event;
    case 'sandbox.opened': {
      const closed = event.profile === 'hardened' || event.provider === 'embedded';
      return { network: closed ? 'none' : 'public', ...event };
    }
    default:
      return event;
  }
}

function probeFrom1(event: JsonObject): JsonObject {
  const { probe, name, held, digest, value, changes, changed, contents, spread, error, ...rest } = event;
  const answer = present({ ...rest, error });
  switch (probe) {
    case 'state':
      return {
        ...answer,
        type: 'state.observed',
        changed: changed ?? 0,
        ...present({ digest, value, changes, contents }),
      };
    case 'milestone':
      return { ...answer, type: 'milestone.checked', name: name ?? '', ...present({ held }) };
    case 'canaries':
      return { ...answer, type: 'canaries.scanned', ...present({ found: spread }) };
    case 'texts':
      return { ...present(rest), type: 'texts.kept', contents: contents ?? {} };
    default:
      return event;
  }
}

function present(fields: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}
