import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  headersOf,
  parametersOf,
  readModelConfig,
  recordedParameters,
} from '../../../src/agent/model/parameters.ts';
import { folderOf } from '../../folder.ts';

it('reads parameters as JSON where they are some, else as text', () => {
  const pairs = ['temperature=0', 'reasoning={"effort":"low"}', 'service_tier=flex', 'top_p=null', 'x=a=b'];
  expect(parametersOf(pairs)).toEqual({
    temperature: 0,
    reasoning: { effort: 'low' },
    service_tier: 'flex',
    top_p: null,
    x: 'a=b',
  });
});

it.each([
  [['temperature'], /expected name=value/],
  [['temperature=hot'], /--param temperature: .*number/],
  [['messages=[]'], /messages.* can’t be set/],
])('refuses %s', (pairs, expected) => {
  expect(() => parametersOf(pairs)).toThrow(expected);
});

it('reads headers, and never says the value of one that is wrong', () => {
  expect(headersOf(['X-Team: a b', 'api-key:k'])).toEqual({ 'X-Team': 'a b', 'api-key': 'k' });
  expect(() => headersOf(['my key: secret'])).toThrow(/--header my key: expected 'Name: value'$/);
});

it('reads a file of what an endpoint needs', () => {
  const dir = folderOf({
    'model.toml':
      'context_overflow = ["E42"]\n[parameters]\ntop_k = 5\n[extra_body.provider]\norder = ["x"]\n',
    'bad.toml': 'context_overflow = ["("]\n',
  });
  expect(readModelConfig(join(dir, 'model.toml'))).toEqual({
    parameters: { top_k: 5 },
    extra_body: { provider: { order: ['x'] } },
    headers: {},
    context_overflow: ['E42'],
  });
  expect(() => readModelConfig(join(dir, 'bad.toml'))).toThrow(/context_overflow.*regular expression/);
});

it('finds the parameters of a recorded agent again', () => {
  expect(recordedParameters({ temperature: 0, top_k: 5, baseUrl: 'http://x' })).toEqual({
    temperature: 0,
    top_k: 5,
  });
});
