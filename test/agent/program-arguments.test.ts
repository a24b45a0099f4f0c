import { afterEach, expect, it, vi } from 'vitest';
import {
  programOf,
  programSettings,
  recordedPairs,
  recordedProgram,
} from '../../src/agent/program-arguments.ts';

afterEach(() => vi.unstubAllEnvs());

it('reads JSON where a value is some, and puts variables in, which a record only names', () => {
  vi.stubEnv('WHO', 'ada');
  const settings = programSettings(['tries=3', 'deep={"a":[1]}', 'who=${WHO}', 'say=a=b'], '/here');
  expect(settings.arguments).toEqual({ tries: 3, deep: { a: [1] }, who: 'ada', say: 'a=b' });
  expect(settings.recorded).toEqual({ tries: 3, deep: { a: [1] }, who: '${WHO}', say: 'a=b' });
});

it('keeps secrets out of the record', () => {
  expect(recordedPairs(['api_key=sk-1', 'api_key=${KEY}', 'n=1'])).toEqual(['api_key=${KEY}', 'n=1']);
  const { arguments: given, recorded } = programSettings(['api_key=sk-1'], '/here');
  expect([given, recorded]).toEqual([{ api_key: 'sk-1' }, {}]);
});

it('comes back from the record as it was given', () => {
  const pairs = ['tries=3', 'deep={"a":[1]}', 'who=ada', 'id="3"'];
  expect(programOf(recordedProgram(programSettings(pairs, '/here')))).toEqual({ folder: '/here', pairs });
  expect(programOf({ temperature: 0 })).toBeUndefined();
});

it('refuses what is no pair, and variables that are not set', () => {
  expect(() => programSettings(['x'], '/')).toThrow('--agent-arg x: expected name=value, such as tries=3');
  expect(() => programSettings(['x=${NOT_SET_HERE}'], '/')).toThrow(
    '--agent-arg x: the variable NOT_SET_HERE',
  );
});
