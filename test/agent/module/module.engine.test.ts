import { expect, it } from 'vitest';
import { moduleAgent } from '../../../src/agent/module/module.ts';
import { programSettings } from '../../../src/agent/program-arguments.ts';
import { ProctorError } from '../../../src/errors.ts';
import { folderOf } from '../../folder.ts';
import { brief, decide, firstView } from '../view.ts';

const settings = programSettings([], import.meta.dirname);
const faulty = (exported: string) => moduleAgent(`./fixture/faulty.ts:${exported}`, settings);

it.each([
  ['loops', 'closed'],
  ['exits', 'agent ./fixture/faulty.ts:exits: called process.exit(3)'],
  ['misspelt', 'agent ./fixture/faulty.ts:misspelt: decide gave what is no decision (calls.0.tool'],
])('a module that %s ends only its own trial', async (exported, message) => {
  const session = await faulty(exported).open(brief);
  const decided = expect(decide(session, firstView)).rejects.toThrow(message);
  if (exported === 'loops') await session.close();
  await decided;
  await session.close();
});

it('what it throws late ends the decision after', async () => {
  const session = await faulty('late').open(brief);
  await decide(session, firstView);
  await expect.poll(() => decide(session, firstView).then(() => '', String)).toContain('nobody caught this');
  await session.close();
});

it('what is no agent is said before anything runs', async () => {
  await expect(faulty('notAnAgent').check?.([])).rejects.toThrow(
    'agent ./fixture/faulty.ts:notAnAgent: expected an export "notAnAgent" that is a function of the view or an agent with open(brief), got number',
  );
  const broken = folderOf({ 'a.ts': 'export default (' });
  await expect(moduleAgent('a.ts', programSettings([], broken)).check?.([])).rejects.toThrow(
    'agent a.ts: cannot be loaded: ',
  );
});

it('an agent with a session has its own state for each trial, and is asked, paid and waited for as any other', async () => {
  const folder = folderOf({
    'agent.js': `
      import { ProctorError } from 'proctor';
      let decided = 0;
      export default {
        async open({ trial, arguments: { limit } }) {
          return {
            async decide(view, { asked, reserve, waiting }) {
              if (decided === limit) throw new ProctorError('model-unavailable', 'the model is away');
              const goOn = waiting();
              const settle = await reserve();
              asked({ model: 'm', trial });
              settle(0.5);
              goOn();
              return { text: String(++decided), calls: [], costUsd: 0.5 };
            },
          };
        },
      };`,
  });
  const agent = moduleAgent('agent.js', programSettings(['limit=1'], folder));
  const seen: unknown[] = [];
  const options = {
    asked: (request: unknown) => void seen.push(request),
    reserve: async () => (costUsd: number | undefined) => void seen.push(costUsd),
    waiting: () => {
      seen.push('waits');
      return () => void seen.push('goes on');
    },
  };
  const [session, other] = await Promise.all([agent.open(brief), agent.open({ ...brief, trial: 't2' })]);
  expect(await decide(session, firstView, options)).toEqual({ text: '1', calls: [], costUsd: 0.5 });
  expect(seen).toEqual(['waits', { model: 'm', trial: 't1' }, 0.5, 'goes on']);
  expect(await decide(other, firstView, options)).toMatchObject({ text: '1' });
  const error = await decide(session, firstView, options).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(ProctorError);
  expect(error).toMatchObject({ code: 'model-unavailable', message: 'the model is away' });
  await Promise.all([session.close(), other.close()]);
});
