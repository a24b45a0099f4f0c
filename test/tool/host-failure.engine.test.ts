import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptSession } from '../../src/agent/script.ts';
import { environmentOf } from '../../src/environment/environment-of-task.ts';
import { runTrials } from '../../src/run-trials.ts';
import { loadTask } from '../../src/task/load.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { fixtureDir, hostServer, toolboxes } from './open.ts';

const openToolbox = toolboxes();
const path = resolve(fixtureDir, 'faulty.ts');
const faulty = { servers: [hostServer('shop', 'faulty.ts'), hostServer('desk')] };
const failure = (why: string) => ({
  code: 'tool-server-failed',
  message: `Tool server "shop" failed: ${path}: ${why}`,
});

describe('a host module that fails', () => {
  it.each([
    ['throws_late', '"throws_late", after it had returned, threw where nothing caught it: out of cheese'],
    ['rejects_late', '"rejects_late", after it had returned, left a promise rejected: out of cheese'],
    ['exits_late', '"exits_late", after it had returned, called process.exit()'],
  ])(
    'after a call returned (%s) fails the next call and the state, with its tool named',
    async (tool, why) => {
      const { call, toolbox, heard } = await openToolbox(faulty);
      expect(await call(tool)).toMatchObject({ isError: false, text: 'returned' });
      await expect.poll(() => heard.map(({ method }) => method)).toContain('proctor/failed');
      await expect(call('fine')).rejects.toMatchObject(failure(why));
      await expect(toolbox.state('shop')).rejects.toMatchObject(failure(why));
      expect(heard).toContainEqual({ server: 'shop', method: 'proctor/failed', params: why });
    },
  );

  it.each([
    ['throws_aside', '"throws_aside" threw where nothing caught it: out of cheese'],
    ['exits', '"exits" called process.exit(4)'],
    ['gives_a_function', '"gives_a_function" returned a function; expected text or JSON'],
    ['gives_a_cycle', '"gives_a_cycle" returned what is not JSON (Converting circular structure to JSON'],
  ])('in a call (%s) fails the call, with the tool named', async (tool, why) => {
    const { call } = await openToolbox(faulty);
    const { code, message } = failure(why);
    await expect(call(tool)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('by a loop without an end is ended when the call’s time is over', async () => {
    const { call } = await openToolbox(faulty);
    const why = '"spins" kept its thread busy for more than 0.2 s';
    await expect(call('spins', {}, { timeoutMs: 200 })).rejects.toMatchObject(failure(why));
    await expect(call('fine')).rejects.toMatchObject(failure(why));
  }, 20_000);

  it('leaves the other servers of its trial and the other trials alone', async () => {
    const [one, other] = [await openToolbox(faulty), await openToolbox(faulty)];
    await expect(one.call('exits')).rejects.toMatchObject({ code: 'tool-server-failed' });
    expect(await one.call('context')).toMatchObject({ isError: false });
    expect(await other.call('fine')).toMatchObject({ text: 'fine' });
  });

  it('ends its trial as a failure of the infrastructure that names module and tool, and no other trial', async () => {
    const environments = folderOf({
      'shop/environment.toml':
        'name = "shop"\ndescription = "A shop."\n[[servers]]\nname = "shop"\nplacement = "host"\nmodule = "faulty.ts"\n',
      'shop/faulty.ts': readFileSync(path, 'utf8'),
    });
    const task = loadTask(
      folderOf({
        'task.toml': '',
        'instruction.md': 'Do it.',
        'proctor.toml': 'environment = "shop"\n[verify]\nby = "answer"\nexact = "done"\n',
      }),
      'made/shop',
    );
    const environment = environmentOf(task, { roots: [environments] });
    const submit = { tool: 'submit', arguments: { answer: 'done' } };
    const trials = ['fine', 'exits', 'throws_late'].map((trial, index) => ({
      trial,
      task,
      environment,
      attempt: index + 1,
      agent: {
        id: `scripted:${trial}`,
        open: async () =>
          scriptSession([{ tool: trial, arguments: {} }, { tool: 'waits', arguments: {} }, submit]),
      },
    }));
    const outcomes: Record<string, unknown> = {};
    await runTrials({
      trials,
      dir: temporaryFolder(),
      secrets: {},
      watch: {
        ended({ trial }, { outcome, error }) {
          outcomes[trial] = error?.message ?? outcome;
        },
      },
    });
    const where = `Tool server "shop" failed: ${resolve(environments, 'shop/faulty.ts')}: `;
    expect(outcomes).toEqual({
      fine: 'submitted',
      exits: `${where}"exits" called process.exit(4)`,
      throws_late: `${where}"throws_late", after it had returned, threw where nothing caught it: out of cheese`,
    });
  });

  it('may return nothing, which is shown as null', async () => {
    const { call } = await openToolbox(faulty);
    expect(await call('gives_nothing')).toMatchObject({ isError: false, text: 'null' });
  });

  it('hands its thread to the next trial, unless it left something running there', async () => {
    const madeIn = async (tool: string) => {
      const { call, toolbox } = await openToolbox({ servers: [hostServer('shop', 'faulty.ts')] });
      await call(tool);
      const { made } = (await toolbox.state('shop')) as { made: number };
      await toolbox.close();
      return made;
    };
    const first = await madeIn('fine');
    expect(await madeIn('leaves_a_timer')).toBe(first + 1);
    expect(await madeIn('fine')).not.toBe(first + 2);
  });
});
