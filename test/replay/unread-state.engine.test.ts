import { expect, it } from 'vitest';
import { embeddedProvider } from '../../src/sandbox/embedded/provider.ts';
import type { SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { bash, record, replay, submit, taskOf } from './made.ts';

/** Sandboxes whose second look at their files fails. */
function shortSighted(): SandboxProvider {
  const provider = embeddedProvider();
  return {
    ...provider,
    async open(...given) {
      const sandbox = await provider.open(...given);
      let looks = 0;
      const survey: typeof sandbox.files.survey = async (paths) => {
        if (++looks === 2) throw new Error('the disk was slow');
        return sandbox.files.survey(paths);
      };
      return { ...sandbox, files: { ...sandbox.files, survey } };
    },
  };
}

it('a state that could not be read is named as why a replay cannot be told from its record', async () => {
  const recorded = await record(taskOf({ scripts: { a: [bash('ls'), submit] } }), 'a');
  const [comparison] = await replay({ ...recorded, provider: shortSighted() });
  expect(comparison).toMatchObject({
    verdict: 'diverged',
    difference: { step: 0, what: 'state', cause: 'it could not be read: the disk was slow' },
  });
});
