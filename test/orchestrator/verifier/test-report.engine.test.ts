import { describe, expect, it, test } from 'vitest';
import { missingRunner } from '../../../src/orchestrator/verifier/test-report.ts';
import { embeddedProvider } from '../../../src/sandbox/embedded/provider.ts';
import { playScript, shellScript } from '../play-script.ts';

const said = (stderr: string, stdout = '') => ({
  ...{ stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) },
  ...{ exitCode: 1, timedOut: false, captureCut: false, durationMs: 1 },
});

const signs = [
  'curl: (6) Could not resolve host: astral.example',
  'curl: (7) Failed to connect to astral.example port 443',
  '/tests/test.sh: line 9: uvx: command not found',
  '/tests/test.sh: 12: .: /root/.local/bin/env: No such file or directory',
  '/usr/bin/python3: No module named pytest',
  '__main__.py: error: unrecognized arguments: --ctrf /logs/verifier/ctrf.json',
];

it('keeps the links among the tests and the given files', async () => {
  const { score } = await playScript({
    task: {
      'proctor.toml': 'environment = "shell"\n[verify]\nby = "script"\n',
      'environment/given': 'g',
      'tests/real.txt': 'x',
      'tests/test.sh':
        '[ "$(cat /tests/link.txt)" = x ] && [ "$(cat given)" = g ] && [ "$(cat seen)" = ok ] && echo 0.5 > /logs/verifier/reward.txt\n',
    },
    links: { 'tests/link.txt': 'real.txt', 'environment/now': 'given' },
    script: shellScript(['[ -L now ] && [ "$(cat now)" = g ] && echo ok > seen']),
    provider: embeddedProvider(),
  });
  expect(score.completion.reward).toBe(0.5);
});

describe('tests without their runner', () => {
  test.each(signs)('are told by: %s', (line) => {
    expect(missingRunner(said(`Reading tests…\n${line}\nnothing ran`))).toMatchObject({
      code: 'verifier-runner-missing',
      message: expect.stringContaining('--with-pytest'),
    });
  });

  test('are not suspected where a test failed that speaks of other commands', () => {
    const failed = 'FAILED test_server.py::test_answers - assert "curl" in text\nflask: command not found';
    expect(missingRunner(said('', failed))).toBeUndefined();
  });

  test('are an infrastructure error and no reward', async () => {
    const { trial, score } = await playScript({
      task: {
        'proctor.toml': 'environment = "shell"\n[verify]\nby = "script"\n',
        'tests/test.sh':
          'uvx -p 3.13 pytest /tests/test_it.py && echo 1 > /logs/verifier/reward.txt || echo 0 > /logs/verifier/reward.txt\n',
      },
      script: shellScript(['echo done > result.txt']),
      provider: embeddedProvider(),
    });
    expect(trial.ended).toMatchObject({
      outcome: 'infrastructure-error',
      error: {
        code: 'verifier-failed',
        message: expect.stringMatching(/could not get its test runner \(.*uvx: command not found\)/),
      },
    });
    expect(score.completion.reward).toHaveProperty('unscored');
  });
});
