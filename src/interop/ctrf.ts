import { type ScoredRun, type ScoredTrial, spanOf, verdictOf } from './scored-trial.ts';

const statuses = { passed: 'passed', failed: 'failed', errored: 'other', unscored: 'skipped' } as const;

/** A report in the Common Test Report Format: one test per trial, its scores under `extra.proctor`. */
export function ctrfReport(run: ScoredRun, proctor: string) {
  const tests = [...run.trials.map(testOf), ...run.skipped.map(skippedTest)];
  const spans = run.trials.map(spanOf);
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  return {
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    generatedBy: `proctor ${proctor}`,
    results: {
      tool: { name: 'proctor', version: proctor },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        pending: 0,
        skipped: count('skipped'),
        other: count('other'),
        start: Math.min(...spans.map(({ start }) => start)),
        stop: Math.max(...spans.map(({ end }) => end)),
      },
      tests,
    },
  };
}

function testOf(scored: ScoredTrial) {
  const { trial, score } = scored;
  const { task, agent, attempt } = trial.started;
  const { start, end } = spanOf(scored);
  const { status, message } = verdictOf(scored);
  const { completion, efficiency, safety, outcome } = score;
  return {
    name: `${task.name} #${attempt}`,
    status: statuses[status],
    duration: end - start,
    start,
    stop: end,
    suite: [agent.id],
    ...(message !== '' && { message }),
    ...(task.tags.length > 0 && { tags: task.tags }),
    extra: { proctor: { trial: trial.started.trial, outcome, completion, efficiency, safety } },
  };
}

function skippedTest({ task, reason }: ScoredRun['skipped'][number]) {
  return { name: task, status: 'skipped' as const, duration: 0, message: reason };
}
