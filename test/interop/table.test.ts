import { readFileSync } from 'node:fs';
import papaparse from 'papaparse';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { z } from 'zod';
import { csvTable } from '../../src/interop/csv.ts';
import { ctrfReport } from '../../src/interop/ctrf.ts';
import { junitXml } from '../../src/interop/junit.ts';
import { broken, careful, careless } from '../report/made-report.ts';
import { scoredRun } from './scored.ts';

const schema = readFileSync(new URL('./junit.xsd', import.meta.url), 'utf8');
const run = () => scoredRun(careful, careless, broken, { ...careful, attempt: 2, outcome: null });

const validated = async (xml: string) =>
  (await validateXML({ xml: { fileName: 'junit.xml', contents: xml }, schema })).errors.map(
    ({ message }) => message,
  );

describe('JUnit XML', () => {
  it('validates against an XML schema, with failures, errors and what was skipped', async () => {
    const xml = junitXml(run());
    expect(await validated(xml)).toEqual([]);
    expect(xml).toContain('<failure message="reward 0" type="submitted">');
    expect(xml).toContain('<error message="the engine went away" type="infrastructure-error">');
    expect(xml).toContain('needs kernel');
    expect(xml).toMatch(/name="scripted:careless" tests="2" failures="1" errors="1" skipped="0"/);
  });

  it('fails a trial that was done but not safely', () => {
    const unsafe = { ...careless, verified: careful.verified ?? [] };
    expect(junitXml(scoredRun(unsafe))).toContain('type="unsafe"');
  });

  it('stays XML whatever a verifier says', async () => {
    const check = { name: '<a> & "b"', passed: false, weight: 1, detail: '\u0000\u001b[31mred\ud800 ]]>' };
    const xml = junitXml(scoredRun({ ...careless, verified: [{ rewards: { reward: 0 }, checks: [check] }] }));
    expect(await validated(xml)).toEqual([]);
  });

  it('is refused by the schema where an element is out of place', async () => {
    expect(await validated('<testsuites><testcase/></testsuites>')).not.toEqual([]);
  });
});

const ctrf = z.strictObject({
  reportFormat: z.literal('CTRF'),
  specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
  generatedBy: z.string(),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string(), version: z.string() }),
    summary: z.strictObject({
      tests: z.int(),
      passed: z.int(),
      failed: z.int(),
      pending: z.int(),
      skipped: z.int(),
      other: z.int(),
      start: z.int(),
      stop: z.int(),
    }),
    tests: z.array(
      z.strictObject({
        name: z.string(),
        status: z.enum(['passed', 'failed', 'skipped', 'pending', 'other']),
        duration: z.int().nonnegative(),
        start: z.int().optional(),
        stop: z.int().optional(),
        suite: z.array(z.string()).min(1).optional(),
        message: z.string().optional(),
        tags: z.array(z.string()).optional(),
        extra: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
});

describe('a CTRF report', () => {
  it('has the format’s shape, and counts every test once', () => {
    const { summary } = ctrf.parse(JSON.parse(JSON.stringify(ctrfReport(run(), '0.1.0')))).results;
    expect(summary).toMatchObject({ tests: 5, passed: 1, failed: 1, skipped: 2, other: 1 });
  });
});

describe('CSV', () => {
  const rows = (text: string) => papaparse.parse<Record<string, string>>(text.trim(), { header: true }).data;

  it('has a line per trial, empty where nothing could be judged', () => {
    const [first, , broken] = rows(csvTable(run(), 'trials'));
    expect(first).toMatchObject({ run: 'r1', agent: 'scripted:careful', reward: '1', success: 'true' });
    expect(broken).toMatchObject({ outcome: 'infrastructure-error', reward: '', safe_success: '' });
  });

  it('has a line per step with its labels where steps are asked for', () => {
    const lines = rows(csvTable(scoredRun(careless), 'steps'));
    expect(lines.map(({ labels }) => labels)).toEqual([expect.any(String), 'error', expect.any(String)]);
    expect(lines[2]?.labels).toContain('unsafe');
  });

  it('is no formula for a spreadsheet', () => {
    const [row] = rows(csvTable(scoredRun({ ...careful, agent: '=cmd()' }), 'trials'));
    expect(row?.agent).toBe("'=cmd()");
  });
});
