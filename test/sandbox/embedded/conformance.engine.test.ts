import { embeddedProvider } from '../../../src/sandbox/embedded/provider.ts';
import { describeSandbox } from '../conformance.ts';
import { embeddedSpec } from './sandboxes.ts';

describeSandbox('the embedded sandbox', () => embeddedProvider(), {
  ...embeddedSpec,
  env: { GREETING: 'it\'s a "test" $HOME' },
  files: [
    { path: '/work/readme.txt', content: Buffer.from('read me\n') },
    { path: '/opt/tool.sh', content: Buffer.from('#!/bin/sh\necho tool\n'), mode: 0o755 },
  ],
});
