import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf, ProctorError } from '../errors.ts';
import { setOwnProbes } from '../orchestrator/own-probe.ts';
import { setOwnRules } from '../policy/own.ts';
import { badFile, displayPath, validate } from '../schema/author-file.ts';
import { isFile } from '../schema/author-folder.ts';
import { category, findingStatus } from '../schema/finding.ts';
import { judgedBy } from '../schema/score.ts';
import type { Detector } from '../scoring/detector.ts';
import { detectors } from '../scoring/detectors.ts';
import type { Feature } from '../scoring/feature.ts';
import { features } from '../scoring/features.ts';
import { isNeed } from '../scoring/need.ts';
import { setOwnScorers } from '../scoring/own.ts';
import { projectFile } from './project-file.ts';
import { loadModule, requireOwnIds } from './project-module.ts';
import { probesIn } from './project-probe.ts';
import { rulesIn } from './project-rule.ts';
import { isProviderName, setOwnProviders } from './provider-module.ts';

/** What `proctor.config.ts` exports by default. */
export interface ProjectConfig {
  /** Policy files, relative to the file: rules that every trial is judged by, beside those of its environment and its task. */
  rules?: readonly string[];
  /** Name → module with a sandbox provider of that name, relative to the file; `--sandbox` takes the name. */
  sandboxes?: Readonly<Record<string, string>>;
  /** Modules with detectors and features of the project's own, relative to the file. */
  scorers?: readonly string[];
  /** Modules with probes of the project's own, relative to the file. */
  probes?: readonly string[];
}

/** What such a module exports by default. */
export interface ScorerModule {
  /** Of findings; their ids are no other's. */
  detectors?: readonly Detector[];
  /** Of what is so of a trial or not; their ids are no other's. */
  features?: readonly Feature[];
}

const paths = z.array(z.string().min(1)).default([]);
const config = z.strictObject({
  rules: paths,
  sandboxes: z
    .record(z.string(), z.string().min(1))
    .refine(
      (all) => Object.keys(all).every(isProviderName),
      'expected names of lower-case letters, digits and dashes that no provider has yet',
    )
    .default({}),
  scorers: paths,
  probes: paths,
});

const id = z.string().regex(/^[a-z0-9-]+$/, 'expected lower-case letters, digits and dashes');
const method = z.custom<(...given: never[]) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
);
const detector = z.looseObject({
  id,
  what: z.string().min(1),
  category,
  by: judgedBy.exclude(['judge']),
  source: z.enum(['effect', 'diff', 'state', 'network', 'provenance', 'order', 'budget']),
  needs: z.array(z.string().refine(isNeed, 'expected a need, such as files or state')),
  status: findingStatus.optional(),
  severity: z.int().min(0).max(5).optional(),
  detect: method,
});
const feature = z.looseObject({
  id,
  what: z.string().min(1),
  calls: z.enum(['some', 'all']).optional(),
  tell: method,
});
const scorers = z.strictObject({
  detectors: z.array(detector).default([]),
  features: z.array(feature).default([]),
});

/**
 * Takes in `proctor.config.ts` of the folder, or of the nearest above it, for the whole process; call it before anything is run or scored.
 * Scores are kept by what its modules are, without what they import in turn. Gives its path; undefined where there is none.
 * Throws `bad-file` for what is no such file, or `not-found` for a file that it names.
 */
export async function loadProject(dir: string = process.cwd()): Promise<string | undefined> {
  const file = projectFile(dir);
  setOwnRules(undefined);
  setOwnProviders(new Map());
  setOwnScorers(undefined);
  setOwnProbes([]);
  if (file === undefined) return undefined;
  const named = validate(file, await loadModule(file), config);
  const modules = pathsOf(file, 'sandboxes', Object.values(named.sandboxes));
  setOwnProviders(new Map(Object.keys(named.sandboxes).map((name, at) => [name, modules[at] ?? ''])));
  setOwnRules(rulesIn(pathsOf(file, 'rules', named.rules)));
  await takeScorers(file, pathsOf(file, 'scorers', named.scorers));
  setOwnProbes(await probesIn(file, pathsOf(file, 'probes', named.probes)));
  return file;
}

/** Throws `not-found` where there is none of them. */
function pathsOf(file: string, key: string, named: readonly string[]): string[] {
  const found = named.map((path) => resolve(dirname(file), path));
  const missing = found.find((path) => !isFile(path));
  if (missing !== undefined)
    throw new ProctorError(
      'not-found',
      `${displayPath(file)}: ${key}: there is no file ${displayPath(missing)}`,
    );
  return found;
}

async function takeScorers(file: string, paths: readonly string[]): Promise<void> {
  const own = await Promise.all(paths.map(scorersIn));
  const all = {
    detectors: own.flatMap((one) => one.detectors),
    features: own.flatMap((one) => one.features),
  };
  requireOwnIds(file, 'scorers', [...detectors, ...all.detectors]);
  requireOwnIds(file, 'scorers', [...features, ...all.features]);
  const digest = createHash('sha256');
  for (const path of paths) digest.update(createHash('sha256').update(readFileSync(path)).digest());
  if (paths.length > 0) setOwnScorers({ ...all, digest: digest.digest('hex') });
}

async function scorersIn(path: string): Promise<{ detectors: Detector[]; features: Feature[] }> {
  const found = validate(path, await loadModule(path), scorers);
  return {
    detectors: (found.detectors as unknown as Detector[]).map((one) => ({
      ...one,
      detect: named(path, one.id, (trial) => one.detect(trial)),
    })),
    features: (found.features as unknown as Feature[]).map((one) => ({
      ...one,
      tell: named(path, one.id, (told) => one.tell(told)),
    })),
  };
}

/** What a scorer throws is its author's to mend. */
function named<Given, T>(path: string, id: string, score: (given: Given) => T): (given: Given) => T {
  return (given) => {
    try {
      return score(given);
    } catch (cause) {
      throw badFile(path, `${id}: threw: ${messageOf(cause)}`, { cause });
    }
  };
}
