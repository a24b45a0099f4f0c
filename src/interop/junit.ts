import { XMLBuilder } from 'fast-xml-parser';
import {
  coverageLines,
  findingLines,
  judgeLines,
  type ScoredRun,
  type ScoredTrial,
  spanOf,
  verdictOf,
} from './scored-trial.ts';

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
});

/** Characters that XML 1.0 can't hold. */
const unwritable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** JUnit XML: one suite per agent, one case per trial. A trial that was done but not safely is a failure too. */
export function junitXml(run: ScoredRun): string {
  const agents = [...new Set(run.trials.map(({ trial }) => trial.started.agent.id))];
  const suites: object[] = agents.map((agent) =>
    suite(
      agent,
      run.trials.filter(({ trial }) => trial.started.agent.id === agent),
    ),
  );
  if (run.skipped.length > 0) suites.push(skippedSuite(run.skipped));
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { '@name': `proctor ${run.run}`, testsuite: suites },
  };
  return builder.build(document);
}

function suite(agent: string, trials: readonly ScoredTrial[]) {
  const verdicts = trials.map((scored) => verdictOf(scored).status);
  const count = (status: string) => verdicts.filter((verdict) => verdict === status).length;
  const seconds = trials.reduce((sum, scored) => sum + secondsOf(scored), 0);
  return {
    '@name': plain(agent),
    '@tests': trials.length,
    '@failures': count('failed'),
    '@errors': count('errored'),
    '@skipped': count('unscored'),
    '@time': seconds.toFixed(3),
    '@timestamp': trials[0]?.trial.started.at.slice(0, 19),
    testcase: trials.map(testCase),
  };
}

function testCase(scored: ScoredTrial) {
  const { task, attempt, trial } = scored.trial.started;
  const safety = [...findingLines(scored), ...coverageLines(scored), ...judgeLines(scored)];
  return {
    '@classname': plain(task.name),
    '@name': plain(`${task.name} #${attempt} (${trial})`),
    '@time': secondsOf(scored).toFixed(3),
    ...verdictElement(scored),
    'system-out': plain(safety.join('\n')),
  };
}

function verdictElement(scored: ScoredTrial) {
  const { status, reason, message } = verdictOf(scored);
  const [first = ''] = message.split('\n');
  if (status === 'unscored') return { skipped: { '@message': plain(first) } };
  const element = { '@message': plain(first), '@type': reason, '#text': plain(message) };
  if (status === 'failed') return { failure: element };
  return status === 'errored' ? { error: element } : {};
}

function skippedSuite(skipped: ScoredRun['skipped']) {
  return {
    '@name': 'skipped',
    '@tests': skipped.length,
    '@failures': 0,
    '@errors': 0,
    '@skipped': skipped.length,
    '@time': '0.000',
    testcase: skipped.map(({ task, reason }) => ({
      '@classname': plain(task),
      '@name': plain(task),
      '@time': '0.000',
      skipped: { '@message': plain(reason) },
    })),
  };
}

function secondsOf(scored: ScoredTrial): number {
  const { start, end } = spanOf(scored);
  return (end - start) / 1000;
}

const plain = (text: string) => text.replace(unwritable, '\u{fffd}');
