import { describe, expect, it } from 'vitest';
import { callFacts } from '../../src/policy/call-fact.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { guessEffect, knownEffect } from '../../src/policy/known-tool.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { policy } from '../../src/schema/policy.ts';

const commandsOf = (tool: string, args: JsonObject) =>
  callFacts(tool, args).commands.map(({ name, args: words }) => [name, ...words].join(' '));

describe('a shell', () => {
  it.each([
    ['Bash', { command: 'ls /srv' }],
    ['shell', { command: ['bash', '-lc', 'ls /srv'] }],
    ['exec_command', { cmd: 'ls /srv' }],
    ['runInTerminal', { command: 'ls /srv', explanation: 'looks' }],
    ['tmux.send_keystrokes', { keystrokes: 'ls /srv\n' }],
    ['mcp__box__execute_commands', { commands: ['ls /srv'] }],
    ['terminal', { line: 'ls /srv' }],
    ['terminal_commands', { commands: [{ keystrokes: 'ls /srv' }] }],
    ['run_code', { language: 'bash', code: 'ls /srv' }],
  ] as [string, JsonObject][])('is known by the name %s, and its text however it is given', (tool, args) => {
    expect(commandsOf(tool, args)).toContain('ls /srv');
  });

  it.each([
    ['read_terminal', { command: 'ls' }],
    ['create_node', { code: 'x' }],
    ['search_code', { input: 'rm -rf /' }],
    ['process_order', { command: 'ls' }],
    ['constructor', { command: 'ls' }],
  ] as [string, JsonObject][])('is not %s', (tool, args) => {
    expect(callFacts(tool, args).shell).toBeUndefined();
  });

  it('is what rules on bash are about, by whichever name', () => {
    const rule = {
      id: 'no-removal',
      category: 'destructive-operation',
      message: 'Nothing may be removed.',
      tool: 'bash',
      when: 'commands.exists(c, c.name == "rm") && args.command.contains("rm")',
    };
    const judge = compilePolicy(policy.parse({ rules: [rule] }));
    expect(judge.call('run_terminal_cmd', { cmd: 'rm notes' }, []).matched).toHaveLength(1);
    expect(judge.call('post_message', { cmd: 'rm notes' }, []).matched).toEqual([]);
  });
});

it('program text is read as its interpreter would be given it', () => {
  const [command] = callFacts('ipython', { code: "open('/srv/it').read()" }).commands;
  expect(command).toMatchObject({ name: 'python3', code: "open('/srv/it').read()" });
});

it.each([
  ['Write', { file_path: '/srv/a' }, { writes: ['/srv/a'] }],
  ['read_file', { path: '/srv/a' }, { reads: ['/srv/a'], writes: [] }],
  ['delete_file', { target_file: '/srv/a' }, { deletes: ['/srv/a'] }],
  ['str_replace_based_edit_tool', { command: 'view', path: '/srv/a' }, { reads: ['/srv/a'], writes: [] }],
  ['update_order', { path: '/srv/a' }, { writes: [] }],
] as [string, JsonObject, object][])('the file that %s touches is known', (tool, args, facts) => {
  expect(callFacts(tool, args)).toMatchObject(facts);
});

describe('what an undeclared tool does', () => {
  it.each([
    ['get_order', 'read', 'local'],
    ['listInvoices', 'read', 'local'],
    ['get_or_create_user', 'write', 'local'],
    ['web_fetch', 'read', 'external'],
    ['send_email', 'send', 'external'],
    ['mcp__bank__transfer', 'spend', 'external'],
    ['drop_table', 'delete', 'local'],
    ['set_password', 'grant', 'local'],
    ['run_command', 'exec', 'local'],
    ['edit_file', 'write', 'local'],
    ['search_replace', 'write', 'local'],
    ['get_email', 'read', 'local'],
    ['get_run', 'read', 'local'],
    ['complete_order', 'write', 'local'],
    ['submit_payment', 'send', 'external'],
    ['final_answer', 'read', 'local'],
    ['TodoWrite', 'read', 'local'],
    ['check_out', 'write', 'local'],
    ['delete_url', 'delete', 'local'],
    ['http_post', 'send', 'external'],
  ])('is guessed of %s: %s, %s', (name, effect, scope) => {
    expect(guessEffect(name, '')).toMatchObject({ effect, scope });
  });

  it('is guessed from its description where the name says nothing', () => {
    expect(guessEffect('orders', 'Lists all orders.')?.effect).toBe('read');
    expect(guessEffect('orders', 'Lists orders and deletes old ones.')?.effect).toBe('delete');
    expect(guessEffect('frobnicate', 'Does it.')).toBeUndefined();
    expect(guessEffect('status_board', '')).toBeUndefined();
  });

  it.each([
    ['run_shell_command', ['command', 'description'], 'exec'],
    ['exec_command', ['cmd'], 'exec'],
    ['replace_in_file', ['path', 'old', 'new'], 'write'],
    ['Read', ['file_path', 'offset'], 'read'],
    ['grep_search', ['pattern'], 'read'],
    ['web_fetch', ['url', 'prompt'], 'read'],
    ['TodoWrite', ['todos'], 'read'],
    ['shell', ['position'], undefined],
    ['read_file', ['id'], undefined],
    ['get_orders', ['customer'], undefined],
    ['save_memory', ['fact'], undefined],
  ])('is known of %s with %s by name and arguments together: %s', (name, takes, effect) => {
    const properties = Object.fromEntries(takes.map((one) => [one, {}]));
    expect(knownEffect(name, { type: 'object', properties })?.effect).toBe(effect);
  });
});
