import { describe } from 'vitest';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { engine, engineNote } from '../../engine.ts';
import { describeSandbox } from '../conformance.ts';
import { specOf } from './spec.ts';

describe.skipIf(!engine)(`the docker provider${engineNote}`, () => {
  const makeProvider = () => dockerProvider({ runId: 'test-conformance' });
  describeSandbox('hardened', makeProvider, specOf());
  describeSandbox('compatible', makeProvider, specOf({ profile: 'compatible' }));
});
