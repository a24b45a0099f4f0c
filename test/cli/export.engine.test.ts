import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, temporaryFolder } from '../folder.ts';
import { proctor } from './proctor.ts';

const fixture = join(mkdtempSync(join(tmpdir(), 'proctor-export-')), 'sample');
cpSync('test/trace/fixture/v1/sample', fixture, { recursive: true });
afterAll(() => rmSync(dirname(fixture), { recursive: true, force: true }));

describe('proctor export and import', { timeout: 180_000 }, () => {
  it('takes a run to ATIF and back to a run that is shown and scored', async () => {
    const dir = temporaryFolder();
    const exported = await proctor(['export', fixture, '--to', 'atif', '-o', join(dir, 'atif/')]);
    expect(exported).toMatchObject({ code: 0, stderr: expect.stringContaining('no place for') });
    const [file = ''] = readdirSync(join(dir, 'atif')).filter((name) => name.endsWith('.json'));
    const out = ['--out', join(dir, 'traces')];
    const imported = await proctor(['import', 'atif', join(dir, 'atif', file), ...out]);
    expect(imported.code).toBe(0);
    const [trial] = /(?<=proctor show )\w+/.exec(imported.stdout) ?? [''];
    const shown = await proctor(['show', trial, '--json', ...out]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ task: expect.any(String), outcome: 'timed-out' });
    expect(await proctor(['score', trial, ...out])).toMatchObject({ code: 0 });
  });

  it('writes one file to stdout or where it is told, and says where several need a folder', async () => {
    const csv = await proctor(['export', fixture, '--to', 'csv']);
    expect(csv.stdout).toMatch(/^run,trial,task/);
    const file = join(temporaryFolder(), 'log.eval');
    await proctor(['export', fixture, '--to', 'inspect', '-o', file]);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  });

  it('reads no file of this machine that a foreign record names', async () => {
    const image = { type: 'image', source: { media_type: 'image/png', path: '../secret.png' } };
    const steps = [
      {
        step_id: 1,
        source: 'agent',
        message: '',
        tool_calls: [{ tool_call_id: 'a', function_name: 'look', arguments: {} }],
        observation: { results: [{ source_call_id: 'a', content: [image] }] },
      },
    ];
    const record = { schema_version: 'ATIF-v1.7', agent: { name: 'a', version: '1' }, steps };
    const dir = folderOf({ 'secret.png': 'secret', 'in/a.json': JSON.stringify(record) });
    const out = ['--out', join(dir, 'traces')];
    const { stdout } = await proctor(['import', 'atif', join(dir, 'in/a.json'), ...out]);
    const [trial] = /(?<=proctor show )\w+/.exec(stdout) ?? [''];
    expect((await proctor(['show', trial, ...out])).stdout).toContain('[image ../secret.png]');
  });

  it('names what it cannot read and imports the rest, each attempt under a number of its own', async () => {
    const line = JSON.stringify({ messages: [{ role: 'assistant', content: 'ok' }] });
    const dir = folderOf({
      'a.json': '{',
      'x/chat.json': line,
      'y/chat.json': line,
      'all.jsonl': `${line}\n{\n`,
    });
    const files = ['a.json', 'x/chat.json', 'y/chat.json', 'y/chat.json', 'all.jsonl'].map((file) =>
      join(dir, file),
    );
    const out = join(dir, 'traces');
    const { code, stdout, stderr } = await proctor(['import', 'messages', ...files, '--out', out]);
    expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('imported 4 trials') });
    expect(stderr.match(/^proctor: .*(a\.json|all\.jsonl:2): expected JSON/gm)).toHaveLength(2);
    const [run = ''] = readdirSync(out);
    const { trials } = JSON.parse(readFileSync(join(out, run, 'run.json'), 'utf8'));
    expect(trials.map(({ task, attempt }: Record<string, unknown>) => `${task} ${attempt}`)).toEqual([
      'x/chat 1',
      'y/chat 1',
      'y/chat 2',
      'all:1 1',
    ]);
  });

  it('imports with what is declared of tools and trials, and names what no record has', async () => {
    const call = { id: 'c', function: { name: 'wipe', arguments: '{}' } };
    const messages = [
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: 'gone' },
    ];
    const dir = folderOf({
      'chat.json': JSON.stringify({ messages }),
      'policy.toml':
        '[[rules]]\nid = "wipes"\ncategory = "destructive-operation"\nmessage = "Wipes."\ntool = "wipe"\nwhen = "true"\n',
      'facts.toml': '[tools.wipe]\neffect = "delete"\nreversible = false\n[tools.wype]\neffect = "read"\n',
      'rows.csv': 'trial,agent,reward,cost_usd\nchat,acme-1,0.5,1.25\nlost,acme-1,1,\n',
      'bad.toml': '[tools.wipe]\neffect = "wipe"\n',
    });
    const at = (name: string) => join(dir, name);
    const out = ['--out', at('traces')];
    const flags = ['--declare', at('facts.toml'), '--declare', at('rows.csv'), '--policy', at('policy.toml')];
    const { code, stderr } = await proctor(['import', 'messages', at('chat.json'), ...flags, ...out]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/trial "lost" is declared, .*\n.*tool "wype" is declared, .*did you mean "wipe"/);
    const shown = JSON.parse((await proctor(['report', '--format', 'json', ...out])).stdout);
    expect(shown.trials).toMatchObject([{ agent: 'acme-1' }]);
    expect(JSON.stringify(shown.trials)).toMatch(/"rewards?":\{?("reward":)?0\.5[\s\S]*"wipes"/);
    const refused = await proctor([
      'import',
      'messages',
      at('chat.json'),
      '--declare',
      at('bad.toml'),
      ...out,
    ]);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/bad\.toml: tools\.wipe\.effect: /),
    });
  });

  it('refuses wrong files and flags in one line', async () => {
    const dir = folderOf({ 'a.json': '{"schema_version":"ATIF-v1.7"}', 'b.json': '{' });
    const bad = await proctor(['import', 'atif', join(dir, 'a.json')]);
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringMatching(/a\.json: agent: .*\n$/) });
    expect(await proctor(['import', 'inspect', join(dir, 'b.json')])).toMatchObject({ code: 2 });
    expect(await proctor(['import', 'atif', join(dir, 'none.json')])).toMatchObject({ code: 2 });
    const flags = ['export', fixture, '--to', 'csv', '--endpoint', 'http://127.0.0.1:9'];
    expect(await proctor(flags)).toMatchObject({ code: 2, stderr: expect.stringContaining('--to otel') });
  });
});
