import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ProctorError } from '../errors.ts';
import { locateTrace } from '../trace/location.ts';
import type { Snapshot, StepResponse, StepRow, TrialResponse } from './api.ts';
import type { Library } from './library.ts';
import { type PageFiles, readPageFiles } from './page-files.ts';
import { createService, type Service } from './service.ts';

/**
 * One file that opens from disk: the page, its data, and a policy by which it can load nothing. The data are packed, what a
 * run's page needs apart from the inside of its trials.
 */
export function htmlReport(snapshot: Snapshot, files: PageFiles = readPageFiles()): string {
  const { trials, bodies, ...head } = snapshot;
  const script = files.script.replaceAll('</script', '<\\/script');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(files.style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Proctor</title>
<link rel="icon" href="data:,">
<style>${files.style}</style>
</head>
<body>
<div id="page"></div>
<script type="text/plain" id="snapshot">${packed(head)}</script>
<script type="text/plain" id="inside">${packed({ trials, bodies })}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** Gzipped JSON in letters that cannot end the element they stand in. */
const packed = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Which bodies go into a report: none, those of steps with findings or failures, or all. */
export type KeptBodies = Snapshot['kept'];

/** Gathers a run for a file of its own; steps whose bodies are left out keep their line in the list. */
export async function takeSnapshot(library: Library, runId: string, kept: KeptBodies): Promise<Snapshot> {
  const service = createService(library);
  const run = await service.run(runId);
  const trials: Snapshot['trials'] = {};
  const bodies: Snapshot['bodies'] = {};
  for (const { trial, status } of run.trials) {
    if (status === 'waiting' || status === 'not started') continue;
    const held = await heldTrial(service, runId, trial, kept).catch(unlessUnexpected);
    if (!held) continue;
    trials[trial] = held;
    if (kept !== 'none') Object.assign(bodies, bodiesOf(held, library.trial(runId, trial).dir));
  }
  const comparison = run.sets.length > 0 ? await service.comparison(run.sets) : undefined;
  return { madeAt: new Date().toISOString(), run, ...(comparison && { comparison }), trials, bodies, kept };
}

/** A trace that cannot be read is named on the run's page; it keeps no other trial out of the file. */
function unlessUnexpected(error: unknown): undefined {
  if (!(error instanceof ProctorError)) throw error;
}

async function heldTrial(service: Service, run: string, trial: string, kept: KeptBodies) {
  const page = await service.trial(run, trial);
  const rows: StepRow[] = [];
  while (rows.length < page.steps) {
    rows.push(...(await service.rows(run, trial, (rows.at(-1)?.step ?? -1) + 1)));
  }
  const steps: StepResponse[] = [];
  for (const row of rows) {
    if (isKept(row, page, kept)) steps.push(await service.step(run, trial, row.step));
  }
  const log = kept === 'none' ? [] : await service.log(run, trial);
  return { page, lineage: await service.lineage(run, trial), rows, steps, log };
}

function isKept(row: StepRow, page: TrialResponse, kept: KeptBodies): boolean {
  if (kept !== 'findings') return kept === 'all';
  return row.findings > 0 || row.step === page.opening?.step || row.calls.some(({ isError }) => isError);
}

/** The stored bodies that a trial's page and its kept steps point to; those that are lost are left out. */
function bodiesOf(
  held: { page: TrialResponse; steps: StepResponse[] },
  trialDir: string,
): Snapshot['bodies'] {
  const dir = locateTrace(trialDir).bodies;
  const named = JSON.stringify([held.page, held.steps]).matchAll(/\{"sha256":"([0-9a-f]{64})"/g);
  const digests = [...new Set([...named].map(([, sha256 = '']) => sha256))];
  const present = digests.filter((sha256) => existsSync(join(dir, sha256)));
  return Object.fromEntries(present.map((sha256) => [sha256, readFileSync(join(dir, sha256), 'base64')]));
}
