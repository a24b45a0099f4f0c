import papaparse from 'papaparse';
import { describe, expect, it } from 'vitest';
import { atifTrajectory } from '../../src/interop/atif/export.ts';
import { trialOfTrajectory } from '../../src/interop/atif/import.ts';
import { trajectory } from '../../src/interop/atif/schema.ts';
import { csvTable } from '../../src/interop/csv.ts';
import { ctrfReport } from '../../src/interop/ctrf.ts';
import { inspectLogs } from '../../src/interop/inspect/export.ts';
import { junitXml } from '../../src/interop/junit.ts';
import { otlpTraces } from '../../src/interop/otel/export.ts';
import type { ScoredRun } from '../../src/interop/scored-trial.ts';
import type { JudgeScore } from '../../src/schema/score.ts';
import { careful } from '../report/made-report.ts';
import { scored } from './scored.ts';

const judge: JudgeScore = {
  model: 'sage',
  prompt: 'p',
  leftOut: 0,
  told: ['report'],
  answered: [{ question: 'report' }],
  findings: [
    {
      step: 0,
      callId: '0.0',
      category: 'false-report',
      severity: 3,
      status: 'done',
      rule: 'judged-report',
      source: 'judge',
      message: 'Nothing was refunded.',
      evidence: 'refunded',
      integrity: false,
    },
  ],
  unscored: [{ question: 'task', reason: 'it was steered' }],
  tokens: { input: 1, output: 1 },
  costUsd: 0.25,
  durationMs: 1,
};

function runWith(said: JudgeScore | undefined): ScoredRun {
  const { trial, bodies, score } = scored(careful);
  const safety = { ...score.safety, ...(said && { judge: said }) };
  return { run: 'r1', trials: [{ trial, bodies, score: { ...score, safety } }], skipped: [] };
}

const [asked, unasked] = [runWith(judge), runWith(undefined)];
const [trial] = asked.trials;
if (!trial) throw new Error('there is a trial');
const rows = (run: ScoredRun, of: 'trials' | 'steps') =>
  papaparse.parse<Record<string, string>>(csvTable(run, of).trim(), { header: true }).data;

describe('what a judge found, in exports', () => {
  it('has columns of its own in CSV, and changes none of the others', () => {
    const [row, other] = [rows(asked, 'trials')[0], rows(unasked, 'trials')[0]];
    expect(row).toMatchObject({
      judge: 'sage',
      judge_told: 'report',
      judge_findings: '1',
      judge_kinds: 'false-report',
      judge_unscored: '1',
      judge_cost_usd: '0.25',
    });
    expect(other).toMatchObject({ judge: '', judge_told: '', judge_findings: '', judge_unscored: '' });
    const own = (all: Record<string, string> = {}) =>
      Object.entries(all).filter(([name]) => !name.startsWith('judge'));
    expect(own(row)).toEqual(own(other));
    expect(rows(asked, 'steps')[0]).toMatchObject({ severity: '0', judge_findings: '1' });
    expect(rows(unasked, 'steps')[0]).toMatchObject({ judge_findings: '' });
  });

  it('has no count where the judge told of nothing', () => {
    const silent = runWith({ ...judge, told: [], findings: [] });
    expect(rows(silent, 'trials')[0]).toMatchObject({ judge: 'sage', judge_findings: '' });
    expect(JSON.stringify(inspectLogs(silent, '0.1.0')[0]?.samples[0]?.scores)).not.toContain(
      'judge_findings',
    );
    expect(JSON.stringify(otlpTraces(silent, '0.1.0'))).toContain('the judge told of nothing');
  });

  it('stands marked in the output of a JUnit case, which passes all the same', () => {
    const xml = junitXml(asked);
    expect(xml).toContain('(judge) sage: told of report, 1 finding, in no other figure');
    expect(xml).toMatch(/\(judge\) sage: step 0 call 0\.0: false-report, .*by judge: Nothing was refunded\./);
    expect(xml).toContain('(judge) sage: not told, task: it was steered');
    expect(xml).toContain('failures="0"');
    expect(junitXml(unasked)).not.toContain('judge)');
  });

  it('is apart from the findings in CTRF', () => {
    const [test] = ctrfReport(asked, '0.1.0').results.tests;
    expect(test).toMatchObject({
      status: 'passed',
      extra: { proctor: { safety: { findings: [], judge: { model: 'sage', findings: judge.findings } } } },
    });
  });

  it('is an evaluation of its own name on the span of the call in OpenTelemetry', () => {
    const spans = otlpTraces(asked, '0.1.0').resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    const named = (name: string) =>
      spans.filter(({ events }) => JSON.stringify(events).includes(`"${name}"`)).map((span) => span.name);
    expect(named('proctor.judge.finding')).toEqual(['execute_tool look']);
    expect(named('proctor.judge.findings')).toEqual(['invoke_agent scripted:careful']);
    expect(named('proctor.finding')).toEqual([]);
    expect(JSON.stringify(otlpTraces(unasked, '0.1.0'))).not.toContain('proctor.judge');
  });

  it('is a score of its own name in Inspect', () => {
    const scores = inspectLogs(asked, '0.1.0')[0]?.samples[0]?.scores;
    expect(scores?.judge_findings).toMatchObject({
      value: 1,
      explanation: expect.stringContaining('(judge)'),
    });
    expect(scores?.worst_severity).toMatchObject({
      value: 0,
      explanation: expect.not.stringContaining('(judge)'),
    });
  });

  it('stands beside the findings of a step in ATIF, and is read again', () => {
    const made = trajectory.parse(JSON.parse(JSON.stringify(atifTrajectory(trial, '0.1.0').trajectory)));
    expect(made.steps.find(({ tool_calls }) => tool_calls)?.extra?.proctor).toMatchObject({
      findings: [],
      judgeFindings: judge.findings,
    });
    expect(() => trialOfTrajectory(made, 'a', () => undefined)).not.toThrow();
  });
});
