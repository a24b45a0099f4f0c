import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxProvider } from '../../src/sandbox/sandbox.ts';
import { effectOf } from '../../src/schema/effect.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { engine, engineNote } from '../engine.ts';
import { toolboxes } from './open.ts';
import { providers, toolSandbox } from './sandboxes.ts';

const builtin = ['bash', 'str_replace_based_edit_tool'];
const { workdir } = toolSandbox;

describe.each(['embedded', 'docker'] as const)('the built-in tools in %s', (name) => {
  describe.skipIf(name === 'docker' && !engine)(`over MCP${name === 'docker' ? engineNote : ''}`, () => {
    const openToolbox = toolboxes();
    let provider: SandboxProvider;
    let sandbox: Sandbox;
    let tools: Awaited<ReturnType<typeof openToolbox>>;
    beforeAll(async () => {
      provider = providers[name]();
      await provider.prepare(toolSandbox, () => {});
      sandbox = await provider.open(toolSandbox);
      tools = await openToolbox({ builtin }, { sandbox });
    });
    afterAll(async () => {
      await sandbox?.close();
      await provider?.close();
    });
    const bash = (command: string, more: JsonObject = {}) => tools.call('bash', { command, ...more });
    const edit = (command: string, path: string, more: JsonObject = {}) =>
      tools.call('str_replace_based_edit_tool', { command, path: `${workdir}/${path}`, ...more });
    const bytes = async (path: string) => (await sandbox.files.read(`${workdir}/${path}`)).toString();

    describe('bash', () => {
      it('shows stdout, stderr and a non-zero exit code, which is no error', async () => {
        expect(await bash('echo out; printf err >&2; exit 3')).toMatchObject({
          text: 'out\n[stderr]\nerr\n[exit code 3]',
          structured: { exitCode: 3, timedOut: false },
          isError: false,
        });
        expect((await bash('true')).text).toBe('[no output]');
        expect((await bash('echo only')).text).toBe('only\n');
      });

      it('carries the directory and exported variables over, as it says', async () => {
        await bash('mkdir -p sub && cd sub && export KEPT=1; LOST=2');
        expect((await bash('pwd; echo "$KEPT-$LOST"')).text).toBe(`${workdir}/sub\n1-\n`);
        await bash(`cd ${workdir}`);
      });

      it('kills what takes longer than was asked for, and shows what came before', async () => {
        const late = await bash('echo early; while :; do :; done', { timeout_seconds: 0.5 });
        expect(late).toMatchObject({ isError: true, errorClass: 'timeout', source: 'tool' });
        expect(late.text).toContain('early');
        expect(late.text).toContain('[timed out after 0.5 s; the command was killed]');
        expect((await bash('echo next')).text).toBe('next\n');
      });

      it('never takes longer than the call may', async () => {
        const args = { command: 'while :; do :; done', timeout_seconds: 600 };
        const late = await tools.call('bash', args, { timeoutMs: 500 });
        expect(late).toMatchObject({ errorClass: 'timeout', structured: { timedOut: true } });
      });

      it('kills what passes the capture cap', async () => {
        const flood = await openToolbox({ builtin }, { sandbox, captureBytes: 10_000 });
        const result = await flood.call('bash', { command: 'while :; do echo 0123456789; done' });
        expect(result).toMatchObject({ captureCut: true });
        expect(result.text.length).toBeLessThanOrEqual(10_000);
      });
    });

    describe('the file tool', () => {
      it('creates a file with its directories, and views it with line numbers', async () => {
        const file_text = 'it\'s "$HOME" `x` \\n\n\tü€😀\n';
        expect((await edit('create', 'deep/er/a file.txt', { file_text })).isError).toBe(false);
        expect(await bytes('deep/er/a file.txt')).toBe(file_text);
        expect((await edit('view', 'deep/er/a file.txt')).text).toBe(
          '     1\tit\'s "$HOME" `x` \\n\n     2\t\tü€😀',
        );
      });

      it('views a range of lines', async () => {
        await edit('create', 'lines', { file_text: 'a\nb\nc\nd\n' });
        expect((await edit('view', 'lines', { view_range: [2, 3] })).text).toBe('     2\tb\n     3\tc');
        expect((await edit('view', 'lines', { view_range: [4, -1] })).text).toBe('     4\td');
        const outside = await edit('view', 'lines', { view_range: [5, 9] });
        expect(outside).toMatchObject({
          isError: true,
          text: expect.stringContaining('the file has 4 lines'),
        });
      });

      it('views a directory two levels deep without hidden entries', async () => {
        await bash(
          'mkdir -p tree/one/two/three tree/.git; touch tree/.git/x tree/top "tree/one/in it" tree/one/two/deep',
        );
        expect((await edit('view', 'tree')).text.split('\n').slice(1)).toEqual([
          `${workdir}/tree/one/`,
          `${workdir}/tree/one/in it`,
          `${workdir}/tree/one/two/`,
          `${workdir}/tree/top`,
        ]);
      });

      it('replaces the one place where a text stands', async () => {
        await edit('create', 'code', { file_text: 'one\ntwo $& three\nfour\n' });
        const edited = await edit('str_replace', 'code', { old_str: 'two $&', new_str: "$' 2\n2b" });
        expect(edited.text).toContain("     2\t$' 2");
        expect(await bytes('code')).toBe("one\n$' 2\n2b three\nfour\n");
        await edit('str_replace', 'code', { old_str: 'four\n' });
        expect(await bytes('code')).toBe("one\n$' 2\n2b three\n");
      });

      it('refuses to replace what stands there never or several times', async () => {
        await edit('create', 'twice', { file_text: 'x = 1\ny\nx = 1\n' });
        const never = await edit('str_replace', 'twice', { old_str: 'z', new_str: '' });
        expect(never).toMatchObject({ isError: true, errorClass: 'tool' });
        expect(never.text).toContain('did not appear verbatim');
        const twice = await edit('str_replace', 'twice', { old_str: 'x = 1', new_str: '' });
        expect(twice).toMatchObject({ isError: true, text: expect.stringContaining('at lines 1, 3') });
        expect(await bytes('twice')).toBe('x = 1\ny\nx = 1\n');
      });

      it('inserts after a line', async () => {
        await edit('create', 'list', { file_text: 'a\nb' });
        await edit('insert', 'list', { insert_line: 0, insert_text: 'top\n' });
        await edit('insert', 'list', { insert_line: 3, insert_text: 'end' });
        expect(await bytes('list')).toBe('top\na\nb\nend\n');
        const outside = await edit('insert', 'list', { insert_line: 9, insert_text: 'x' });
        expect(outside).toMatchObject({ isError: true, text: expect.stringContaining('lines 0 to 4') });
      });

      it('writes and edits long files whole', async () => {
        const file_text = `${"long 'ü' 😀 line\n".repeat(60_000)}end\n`;
        await edit('create', 'long', { file_text });
        expect((await bytes('long')) === file_text).toBe(true);
        await edit('str_replace', 'long', { old_str: 'end', new_str: 'END' });
        expect((await bytes('long')) === file_text.replace('end', 'END')).toBe(true);
      });

      it.each([
        ['view', 'absent', {}, /Cannot read .*absent: No such file or directory/],
        ['create', 'tree', { file_text: '' }, /Cannot write .*tree: /],
        ['str_replace', 'tree', { old_str: 'a' }, /is a directory; only files can be edited/],
        ['create', 'nul', { file_text: '\0' }, /may not hold NUL/],
        ['insert', 'code', { insert_line: 1 }, /`insert` needs insert_text/],
      ])('says what is wrong with `%s` of %s', async (command, path, more, message) => {
        await bash('mkdir -p tree');
        expect(await edit(command, path, more)).toMatchObject({
          isError: true,
          text: expect.stringMatching(message),
        });
      });

      it('wants absolute paths, and says which was meant', async () => {
        const args = { command: 'view', path: 'notes.txt' };
        const { text } = await tools.call('str_replace_based_edit_tool', args);
        expect(text).toContain(`did you mean ${workdir}/notes.txt?`);
      });

      it('does not open what is no text', async () => {
        await bash("printf '\\377\\376' > binary");
        expect((await edit('view', 'binary')).text).toContain('not UTF-8');
      });

      it('is a read where it views, and else a write', () => {
        const tool = tools.toolbox.list().find(({ name }) => name === 'str_replace_based_edit_tool');
        if (tool === undefined) throw new Error('not listed');
        expect(effectOf(tool, { command: 'view' })).toMatchObject({ effect: 'read' });
        expect(effectOf(tool, { command: 'create' })).toMatchObject({ effect: 'write' });
      });

      it.runIf(name === 'docker')('has no more rights than the agent', async () => {
        await sandbox.files.write([{ path: '/opt/secret', content: Buffer.from('s'), mode: 0o600 }], {
          owner: 'harness',
        });
        const path = '/opt/secret';
        const read = await tools.call('str_replace_based_edit_tool', { command: 'view', path });
        expect(read).toMatchObject({ isError: true, text: 'Cannot read /opt/secret: Permission denied.' });
        const written = await tools.call('str_replace_based_edit_tool', {
          command: 'create',
          path,
          file_text: '',
        });
        expect(written).toMatchObject({ isError: true });
      });
    });

    it('throws what is wrong with the sandbox, which is not the fault of the agent', async () => {
      const other = await provider.open(toolSandbox);
      const { call } = await openToolbox({ builtin }, { sandbox: other });
      await other.close();
      await expect(call('bash', { command: 'true' })).rejects.toMatchObject({ code: 'sandbox-broken' });
    });
  });
});
