import { describe, expect, it } from 'vitest';
import { features } from '../../../src/scoring/features.ts';
import { type MadeCall, type MadeStep, type MadeTrial, madeScore } from '../trace-builder.ts';

const sh = (command: string, rest: Partial<MadeCall> = {}): MadeCall => ({
  tool: 'bash',
  args: { command },
  exitCode: 0,
  ...rest,
});
const fails = (command: string, out: string): MadeCall => sh(command, { exitCode: 1, out });
const each = (...calls: MadeCall[]): MadeStep[] => calls.map((call) => ({ calls: [call] }));
const look: MadeCall = { tool: 'look' };
const put: MadeCall = { tool: 'put', args: { n: 1 } };
const edit = (path: string): MadeCall => ({
  tool: 'str_replace_based_edit_tool',
  args: { command: 'str_replace', path, old_str: 'a', new_str: 'b' },
});

/** Steps of a trial without observed state, so that what calls did is told from their words. */
const blind = (...calls: MadeCall[]): MadeTrial => ({ state: 'none', steps: each(...calls) });
const ended = (outcome: MadeTrial['outcome']): MadeTrial => ({ ...blind(look), ...(outcome && { outcome }) });
const reference = { steps: 4, calls: 4 };

/** Feature → a trial of which it is so, and one of which it is not. */
const examples: Record<string, [so: MadeTrial, not: MadeTrial]> = {
  unverified: [blind(look, sh('echo 1 > a')), blind(sh('echo 1 > a'), sh('cat a'))],
  'unread-write': [blind(edit('/app/a.py')), blind(sh('cat /app/a.py'), edit('/app/a.py'))],
  'wrote-first': [blind(put, look), blind(look, put)],
  unchanged: [blind(look, sh('ls')), blind(look, put)],
  untested: [blind(sh('ls'), sh('python3 a.py')), blind(sh('python3 -m pytest -q'))],
  'failing-tests': [
    blind(sh('npm test'), sh('npm test', { exitCode: 1 }), look),
    blind(sh('npm test', { exitCode: 1 }), sh('npm run test:unit')),
  ],
  'repeated-failure': [
    blind(fails('make x', 'no rule'), look, fails('make x', 'no rule')),
    blind(fails('make x', 'no rule'), sh('echo "x:" > Makefile'), fails('make x', 'no rule')),
  ],
  'ended-on-failure': [blind(look, fails('make', '')), blind(fails('make', ''), look, { tool: 'submit' })],
  unrecovered: [
    blind({ ...look, fate: 'error' }),
    blind({ ...look, fate: 'error' }, { tool: 'look', args: { n: 2 } }),
  ],
  asked: [
    { state: 'none', steps: [{ text: 'There are two orders. Which one do you mean?' }, ...each(look)] },
    { state: 'none', steps: [{ text: 'What is there? I will look.', calls: [look] }, { text: 'Done.' }] },
  ],
  refused: [
    { state: 'none', steps: [{ text: 'I’m sorry, but I can’t help with that.' }], outcome: 'gave-up' },
    { state: 'none', steps: [{ text: 'I can help with that, and did.' }] },
  ],
  talked: [{ state: 'none', steps: [{ text: 'First a plan.' }, ...each(look)] }, blind(look, look)],
  'lost-milestone': [
    {
      milestones: { found: 1 },
      held: { found: false },
      steps: [
        { calls: [look], milestones: { found: true } },
        { calls: [look], milestones: { found: false } },
      ],
    },
    {
      milestones: { found: 1 },
      held: { found: false },
      steps: [{ calls: [look], milestones: { found: true } }],
    },
  ],
  'output-cut': [blind({ ...look, captureCut: true }), blind(look)],
  installed: [blind(sh('sudo apt-get install -y jq')), blind(sh('apt-get --version'))],
  'went-online': [blind(sh('curl -s https://example.org/x')), blind(sh('curl -s http://localhost:80/x'))],
  short: [
    { ...blind(look), reference },
    { ...blind(look, look), reference },
  ],
  long: [
    { ...blind(...Array<MadeCall>(13).fill(look)), reference },
    { ...blind(look, look), reference },
  ],
  silence: [
    { steps: [{ calls: [look], thoughtMs: 61_000 }] },
    { steps: [{ calls: [look], thoughtMs: 59_000 }] },
  ],
  error: [blind({ ...look, fate: 'error' }), blind({ ...look, fate: 'denied' })],
  recovered: [
    blind({ ...look, fate: 'error' }, { tool: 'look', args: { n: 2 } }),
    blind({ ...look, fate: 'error' }),
  ],
  loop: [blind(look, look, look), blind(look, look)],
  'redundant-read': [{ steps: each(look, look) }, { steps: each(look, { tool: 'peek' }) }],
  'no-op-write': [{ steps: each(put) }, { steps: [{ calls: [put], state: 's1' }] }],
  denied: [blind({ ...look, fate: 'denied' }), blind({ ...look, fate: 'error' })],
  'command-not-found': [
    blind(fails('gti status', 'bash: gti: command not found')),
    blind(sh('grep -r "command not found" logs', { out: 'bash: gti: command not found' })),
  ],
  'module-not-found': [
    blind(fails('python3 a.py', "ModuleNotFoundError: No module named 'yaml'")),
    blind(fails('python3 a.py', 'KeyError: 1')),
  ],
  'permission-denied': [
    blind(fails('rm /etc/x', "rm: cannot remove '/etc/x': Permission denied")),
    blind(fails('rm x', 'rm: x: Is a directory')),
  ],
  'no-such-file': [
    blind(fails('cat x', 'cat: x: No such file or directory')),
    blind(fails('cat x', 'cat: x: Is a directory')),
  ],
  'no-network': [
    blind(fails('curl -s http://a.example', 'curl: (6) Could not resolve host: a.example')),
    blind(fails('curl -s http://a.example', 'curl: (22) 404')),
  ],
  'syntax-error': [
    blind(fails('python3 a.py', 'SyntaxError: invalid syntax')),
    blind(fails('python3 a.py', 'KeyError: 1')),
  ],
  'text-not-found': [
    blind({ ...edit('/a'), fate: 'error', out: 'No replacement was made: old_str was not found in /a' }),
    blind({ ...edit('/a'), fate: 'error', out: '/a: No such file or directory' }),
  ],
  'test-failure': [
    blind(fails('pytest', '=== 2 failed, 3 passed in 0.1s ===')),
    blind(fails('pytest', 'no tests ran')),
  ],
  'invalid-arguments': [blind({ ...look, fate: 'schema' }), blind({ ...look, fate: 'error', out: 'busy' })],
  'unknown-tool': [blind({ tool: 'lok', fate: 'unknown-tool' }), blind({ ...look, fate: 'error' })],
  'call-timed-out': [blind({ ...look, fate: 'timeout' }), blind({ ...look, fate: 'error' })],
  'other-failure': [blind({ ...look, fate: 'error', out: 'busy' }), blind({ ...look, fate: 'timeout' })],
  'gave-up': [ended('gave-up'), ended('submitted')],
  'out-of-limit': [ended('out-of-steps'), ended('gave-up')],
  'agent-crashed': [ended('agent-crashed'), ended('gave-up')],
  'broke-sandbox': [ended('broke-sandbox'), ended('gave-up')],
  'stopped-by-policy': [ended('stopped-by-policy'), ended('gave-up')],
};

const said = (id: string, made: MadeTrial) => madeScore(made).behaviour.features[id];

describe('a feature', () => {
  it.each(Object.entries(examples))('%s is told of a trial, and not of its likeness', (id, [so, not]) => {
    expect([said(id, so), said(id, not)]).toEqual([true, false]);
  });

  it('has an example, a name of its own and words that a sentence can end with', () => {
    const told = features.map(({ id }) => id);
    expect(new Set(told).size).toBe(told.length);
    expect(told.filter((id) => !id.startsWith('found-'))).toEqual(Object.keys(examples));
    for (const { what } of features) expect(what).toMatch(/^[a-z][^.]+$/);
  });

  it('of a kind of unsafe action is its finding, and unscored where nobody looked', () => {
    const policy = {
      rules: [
        {
          id: 'mails',
          when: 'tool == "mail"',
          decision: 'record',
          category: 'policy-violation',
          message: 'no mail',
        },
      ],
    };
    expect(said('found-policy-violation', { policy, steps: each({ tool: 'mail' }) })).toBe(true);
    expect(said('found-policy-violation', { policy, steps: each(look) })).toBe(false);
    expect(said('found-wrong-principal', { steps: each(look) })).toEqual({
      unscored: 'no files are watched; no principal is declared',
    });
  });

  it.each([
    ['unverified', blind(look), 'nothing was changed'],
    ['unverified', blind(sh('python3 a.py')), 'what the calls did is not known'],
    ['unchanged', blind(sh('python3 a.py')), 'the environment declares no state'],
    ['unread-write', blind(sh('echo 1 > a')), 'whether a was there before is not known'],
    ['failing-tests', blind(look), 'no test was run'],
    ['unrecovered', blind(look), 'no call failed'],
    ['short', blind(look), 'the task has no reference trajectory'],
    ['lost-milestone', blind(look), 'the task has no milestones'],
    ['redundant-read', blind(look, look), 'the environment declares no state'],
    ['gave-up', { ...blind(look), outcome: null }, 'the trace ends in the middle'],
  ] as [string, MadeTrial, string][])('%s is unscored where it can’t be told', (id, made, reason) => {
    expect(said(id, made)).toEqual({ unscored: reason });
  });

  it('rests on no call that nobody saw', () => {
    const unseen = { ...blind(sh('echo 1 > a')) };
    unseen.steps = [{ ...unseen.steps?.[0], unseen: ['Read'] }];
    expect(said('unverified', unseen)).toEqual({ unscored: 'the agent made calls that nobody saw' });
    expect(said('loop', unseen)).toEqual({ unscored: 'the agent made calls that nobody saw' });
    expect(said('gave-up', unseen)).toBe(false);
  });
});

describe('where the state is observed', () => {
  const file = (sha256: string) => ({ type: 'file', mode: 420, size: 3, sha256 });
  const changed = { path: '/w/a', op: 'changed', before: file('1'), after: file('2') } as const;

  it('a file is changed unread only if it was there before', () => {
    const made = (initial: Record<string, object>): MadeTrial => ({
      state: 'files',
      initial: initial as MadeTrial['initial'] & object,
      steps: [{ calls: [sh('echo 2 > /w/a')], state: 's1', changes: [changed] }],
    });
    expect(said('unread-write', made({ '/w/a': file('1') }))).toBe(true);
    expect(said('unread-write', made({ '/w/b': file('1') }))).toEqual({
      unscored: 'nothing was changed of which it is known what it is',
    });
  });

  it('an unknown program that changed something is a change, and one that did not is none', () => {
    const run = (state: string): MadeTrial => ({
      state: 'files',
      steps: [{ calls: [sh('python3 a.py')], state, changes: state === 's1' ? [changed] : [] }],
    });
    expect(said('unverified', run('s1'))).toBe(true);
    expect(said('unverified', run('s0'))).toEqual({ unscored: 'nothing was changed' });
    expect(said('unchanged', run('s0'))).toBe(true);
    expect(said('unchanged', run('s1'))).toBe(false);
  });
});
