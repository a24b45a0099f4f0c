import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../src/schema/json-schema.ts';
import { temporaryFolder, writeSample } from '../trace/sample.ts';
import { sampleRun } from '../trace/sample-run.ts';

const schemas = jsonSchemas();

function validator(name: string) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(schemas[`${name}.schema.json`] ?? {});
}

describe('the JSON Schemas', () => {
  it('cover what authors write and what Proctor writes', () => {
    expect(Object.keys(schemas).sort()).toEqual([
      'agent.schema.json',
      'bank.schema.json',
      'choice.schema.json',
      'comparison.schema.json',
      'contamination.schema.json',
      'declaration.schema.json',
      'environment.schema.json',
      'finding.schema.json',
      'harbor-task.schema.json',
      'policy.schema.json',
      'run.schema.json',
      'script.schema.json',
      'step-score.schema.json',
      'suite-health.schema.json',
      'suite-watch.schema.json',
      'suite.schema.json',
      'task.schema.json',
      'trace-event.schema.json',
      'trial-score.schema.json',
    ]);
  });

  it('let authors leave out what has a default, and refuse unknown keys', () => {
    const environment = validator('environment');
    expect(environment({ name: 'box', description: 'A box.' })).toBe(true);
    expect(environment({ name: 'box', description: 'A box.', moon: 1 })).toBe(false);
    expect(validator('task')({})).toBe(true);
    expect(validator('harbor-task')({})).toBe(true);
  });

  it('fit every line of a trace, and a run', () => {
    const { bytes } = writeSample(temporaryFolder(), 'lines');
    const event = validator('trace-event');
    for (const line of bytes.toString().trimEnd().split('\n')) {
      expect(event(JSON.parse(line)), JSON.stringify(event.errors)).toBe(true);
    }
    expect(validator('run')(sampleRun([{ trial: 'a', dir: 'a' }]))).toBe(true);
  });
});
