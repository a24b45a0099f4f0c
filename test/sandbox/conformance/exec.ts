import { expect, it } from 'vitest';
import type { Subject } from '../conformance.ts';

export function execConformance({ sandbox, spec }: Subject): void {
  const run = async (command: string) => {
    const result = await sandbox().exec(command);
    return { out: result.stdout.toString(), err: result.stderr.toString(), code: result.exitCode };
  };

  it('keeps stdout, stderr and exit code apart', async () => {
    expect(await run('echo out; echo err >&2; (exit 7)')).toEqual({ out: 'out\n', err: 'err\n', code: 7 });
  });

  it('starts in the working directory with the variables of the spec', async () => {
    expect((await sandbox().exec('pwd', { as: 'harness' })).stdout.toString()).toBe(`${spec.workdir}\n`);
    for (const [key, value] of Object.entries(spec.env ?? {})) {
      expect((await run(`printf %s "$${key}"`)).out).toBe(value);
    }
  });

  it('carries the directory over to the next call', async () => {
    await run('mkdir -p "dir with space" && cd "dir with space"');
    expect((await run('pwd')).out).toBe(`${spec.workdir}/dir with space\n`);
    await run(`cd '${spec.workdir}'`);
    expect((await run('pwd')).out).toBe(`${spec.workdir}\n`);
  });

  it('falls back to the working directory when the current one is gone', async () => {
    await run('mkdir gone && cd gone && rmdir ../gone');
    expect((await run('echo alive')).out).toBe('alive\n');
    await run(`cd '${spec.workdir}'`);
  });

  it('carries exported variables over, and their removal', async () => {
    const value = 'it\'s "quoted" $HOME `x` \\ and\nnew lines ü';
    await run(`export KEPT='${value.replaceAll("'", `'\\''`)}'`);
    expect((await run('printf %s "$KEPT"')).out).toBe(value);
    await run('unset KEPT');
    expect((await run('printenv KEPT || echo none')).out).toBe('none\n');
  });

  it('gives extra variables to one command only', async () => {
    const once = await sandbox().exec('printf %s "$ONCE"', { env: { ONCE: "a 'b' c" } });
    expect(once.stdout.toString()).toBe("a 'b' c");
    expect((await run('printenv ONCE || echo none')).out).toBe('none\n');
  });

  it.each([
    ['exit 3', 3],
    ['set -e; false; echo not reached', 1],
    ['exec true', 0],
    ['exec >&- 2>&-', 0],
    ['exec <&-', 0],
    ['trap "" TERM INT HUP; exit 4', 4],
    ['no-such-program-here', 127],
  ])('survives `%s`', async (command, code) => {
    expect(await run(command)).toMatchObject({ out: '', code });
    expect(await run('echo next')).toEqual({ out: 'next\n', err: '', code: 0 });
  });

  it('reports a syntax error on stderr and goes on', async () => {
    const broken = await run('if then (');
    expect(broken.code).not.toBe(0);
    expect(broken.err).not.toBe('');
    expect((await run('echo next')).out).toBe('next\n');
  });

  it('takes a command as it is written', async () => {
    expect((await run("echo 'one'\n# a comment with a quote: '\necho \"two\" # end")).out).toBe('one\ntwo\n');
    expect((await run("cat <<'END'\n$x `y` \\z 'q'\nEND\n")).out).toBe("$x `y` \\z 'q'\n");
    expect((await run('printf %s äöü€😀')).out).toBe('äöü€😀');
  });

  it('takes a long command', async () => {
    expect((await run(`x='${'é'.repeat(150_000)}'; printf %s "$x" | wc -c | tr -d ' '`)).out).toBe(
      '300000\n',
    );
  });

  it('hands a command no input', async () => {
    expect(await run('cat; read -r line; echo "read: $?"')).toMatchObject({ out: 'read: 1\n' });
  });

  it('returns bytes unharmed', async () => {
    const { stdout } = await sandbox().exec("printf '\\000\\377\\200\\n\\r\\001'");
    expect([...stdout]).toEqual([0, 255, 128, 10, 13, 1]);
  });

  it('returns long output whole', async () => {
    const { stdout, captureCut } = await sandbox().exec('seq 1 300000');
    const lines = stdout.toString().trimEnd().split('\n');
    expect([lines.length, lines[0], lines.at(-1), captureCut]).toEqual([300_000, '1', '300000', false]);
  });

  it('lets a command go on past what is kept of its output, where that is asked for', async () => {
    const options = { captureBytes: 1000, dropsExcess: true };
    const { stdout, ...said } = await sandbox().exec('seq 1 30000; echo whole > went-on; exit 3', options);
    expect(said).toMatchObject({ exitCode: 3, captureCut: true });
    expect(stdout.length).toBe(1000);
    expect((await run('cat went-on')).out).toBe('whole\n');
  });

  it('queues the calls of one sandbox', async () => {
    await run('rm -f order');
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    await Promise.all(numbers.map((number) => sandbox().exec(`echo ${number} >> order`)));
    expect((await run('cat order')).out).toBe(`${numbers.join('\n')}\n`);
  });

  it("runs a harness command in a fresh shell, out of the agent's reach", async () => {
    await run('export LEAK=1; f() { echo leaked; }; mkdir -p sub; cd sub; PATH=$PWD:$PATH; export PATH');
    await run('printf "#!/bin/sh\\necho forged\\n" > id; chmod +x id');
    const harness = await sandbox().exec(
      'pwd; printenv LEAK || echo none; command -v f; cd /; export HARNESS=1; true',
      {
        as: 'harness',
      },
    );
    expect(harness.stdout.toString()).toBe(`${spec.workdir}\nnone\n`);
    expect((await run('pwd; printenv HARNESS || echo none')).out).toBe(`${spec.workdir}/sub\nnone\n`);
    expect((await sandbox().exec('echo $PATH', { as: 'harness' })).stdout.toString()).not.toContain(
      spec.workdir,
    );
    await run(`cd '${spec.workdir}'; unset LEAK`);
  });

  it('limits harness commands as well', async () => {
    const late = await sandbox().exec('while :; do :; done', { as: 'harness', timeoutMs: 300 });
    expect(late.timedOut).toBe(true);
    expect((await sandbox().exec('echo next; exit 5', { as: 'harness' })).exitCode).toBe(5);
  });
}
