import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { stepDocument } from '../../src/report/step-document.ts';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import { foldTrial } from '../../src/trace/fold.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { playScript, shellScript } from './play-script.ts';

const provider = embeddedProvider();
afterAll(() => provider.close());

const task = {
  'proctor.toml': 'environment = "shell"\n[verify]\nby = "answer"\nexact = "done"\n',
};

async function diffsOf(commands: string[]): Promise<(string | undefined)[][]> {
  const { dir } = await playScript({ task, provider, script: shellScript(commands) });
  const { events, bodies } = openTrace(join(dir, 'trace.jsonl'));
  return foldTrial(events, bodies).steps.map((step) =>
    stepDocument(step, bodies, undefined, [])
      .changes.filter(({ path }) => path.includes('/notes'))
      .map(({ diff }) => diff),
  );
}

it('keeps the text of a file that changed, before and after, so that a step shows its difference', async () => {
  const diffs = await diffsOf(['printf "one\\ntwo\\n" > notes', 'printf "one\\n2\\n" > notes', 'rm notes']);
  expect(diffs.slice(0, 3)).toEqual([
    ['@@ -0,0 +1,2 @@\n+one\n+two'],
    ['@@ -1,2 +1,2 @@\n one\n-two\n+2'],
    ['@@ -1,2 +0,0 @@\n-one\n-2'],
  ]);
});

it('keeps no binary and no long file', async () => {
  const diffs = await diffsOf(['printf "a\\000b" > notes', 'seq 1 20000 > notes']);
  expect(diffs.slice(0, 2)).toEqual([[undefined], [undefined]]);
});
