import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { proctor } from '../cli/proctor.ts';
import { temporaryFolder } from '../folder.ts';
import { missingLine, shownCommands } from './console.ts';

const readme = readFileSync('README.md', 'utf8');
const evaluator = readme.slice(readme.indexOf('## The evaluator'), readme.indexOf('## The debugger'));
const shown = shownCommands(evaluator);
const [ofSample, plan, experiment] = shown;

it('the evaluator’s journey compares, plans and experiments', () => {
  expect(shown.map(({ args }) => args[0])).toEqual(['compare', 'plan', 'compare']);
});

it('the sample compares as the READMEs show', async () => {
  const [longer] = shownCommands(readFileSync('traces/README.md', 'utf8'));
  for (const one of [ofSample, plan, longer]) {
    const { code, stdout } = await proctor(one?.args ?? []);
    const missing = missingLine(one?.printed ?? [], stdout);
    expect({ code, missing }).toEqual({ code: 0, missing: undefined });
  }
});

it('an experiment on the quickstart comes out as the README shows', async () => {
  const env = { PROCTOR_TRACES: temporaryFolder(), DOCKER_HOST: 'tcp://127.0.0.1:9' };
  const agents = ['-a', 'scripted:careful', '-a', 'scripted:careless'];
  await proctor(['run', 'quickstart/log-triage', ...agents], { env });
  const { code, stdout } = await proctor(experiment?.args ?? [], { env });
  const missing = missingLine(experiment?.printed ?? [], stdout);
  expect({ code, missing }).toEqual({ code: 0, missing: undefined });
});
