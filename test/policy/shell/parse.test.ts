import { describe, expect, it } from 'vitest';
import { parseShell } from '../../../src/policy/shell/parse.ts';

/** A text, and the commands that must be seen in it, words joined by single spaces. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell, not templates
const forms: [form: string, text: string, ...commands: string[]][] = [
  ['a simple command', 'rm -rf /x', 'rm -rf /x'],
  ['a path as the program', '/bin/rm -rf x', 'rm -rf x'],
  ['a pipeline', 'cat a | grep b', 'cat a', 'grep b'],
  ['a pipeline of both outputs', 'make |& tee log', 'make', 'tee log'],
  ['a list', 'cd a; rm b', 'cd a', 'rm b'],
  ['and', 'test -f a && rm a', 'rm a'],
  ['or', 'false || rm a', 'rm a'],
  ['a negation', '! rm a', 'rm a'],
  ['a background command', 'rm a & wait', 'rm a', 'wait'],
  ['a subshell', '(cd x; rm a)', 'rm a'],
  ['a group', '{ rm a; }', 'rm a'],
  ['the body of a function', 'f() { rm a; }', 'rm a'],
  ['a function called with arguments', 'f() { rm "$1" "$2"; }; f a b', 'rm a b'],
  ['all arguments of a function', 'f() { rm "$@"; }; f a b', 'rm a b'],
  ['if', 'if true; then rm a; fi', 'rm a'],
  ['elif and else', 'if a; then b; elif c; then rm d; else rm e; fi', 'rm d', 'rm e'],
  ['for over words', 'for f in a b; do rm $f; done', 'rm a', 'rm b'],
  ['for over braces', 'for f in {a,b}; do rm $f; done', 'rm a', 'rm b'],
  ['while', 'while rm a; do rm b; done', 'rm a', 'rm b'],
  ['until', 'until rm a; do sleep 1; done', 'rm a'],
  ['an arithmetic for', 'for ((i=0;i<3;i++)); do rm a; done', 'rm a'],
  ['case', 'case $x in a|b) rm a;; *) rm b;; esac', 'rm a', 'rm b'],
  ['select', 'select x in a b; do rm c; done', 'rm c'],
  ['coproc', 'coproc rm a', 'rm a'],
  ['a test', '[[ -n $(rm a) ]] && ls', 'rm a'],
  ['a command substitution', 'echo $(rm a)', 'rm a'],
  ['backticks', 'echo `rm a`', 'rm a'],
  ['a substitution in double quotes', 'echo "x $(rm a) y"', 'rm a'],
  ['a substitution in an assignment', 'x=$(rm a)', 'rm a'],
  ['a substitution in a here-document', 'cat <<EOF\n$(rm a)\nEOF', 'rm a'],
  ['a substitution as the program', '$(echo rm) a', 'rm a'],
  ['a process substitution', 'diff <(rm a) b', 'rm a'],
  ['an output process substitution', 'tee >(rm a)', 'rm a'],
  ['sh -c', "sh -c 'rm a'", 'rm a'],
  ['bash -lc', 'bash -lc "cd x && rm a"', 'rm a'],
  ['sh -c with arguments', `sh -c 'rm "$1"' _ a`, 'rm a'],
  ['nested sh -c', `sh -c "bash -c 'rm a'"`, 'rm a'],
  ['eval', 'eval "rm" "a"', 'rm a'],
  ['eval of a variable', 'c="rm a"; eval $c', 'rm a'],
  ['env', 'env -i X=y rm a', 'rm a'],
  ['env -S', "env -S 'rm a'", 'rm a'],
  ['sudo', 'sudo -u root rm a', 'sudo -u root rm a', 'rm a'],
  ['doas', 'doas rm a', 'rm a'],
  ['su -c', "su root -c 'rm a'", 'rm a'],
  ['nohup', 'nohup rm a &', 'rm a'],
  ['timeout', 'timeout -k 5 10 rm a', 'rm a'],
  ['nice', 'nice -n 5 rm a', 'rm a'],
  ['time', 'time rm a', 'rm a'],
  ['command', 'command rm a', 'rm a'],
  ['exec', 'exec rm a', 'rm a'],
  ['busybox', 'busybox rm a', 'rm a'],
  ['wrappers in each other', 'sudo env A=b nice timeout 5 rm a', 'rm a'],
  ['xargs', 'echo a b | xargs rm -f', 'rm -f a b'],
  ['xargs -I', 'echo a | xargs -I{} rm {}', 'rm a'],
  ['xargs with a shell', `echo a | xargs -I% sh -c 'rm %'`, 'rm a'],
  ['find -exec', 'find /d -exec rm {} \\;', 'rm /d'],
  ['find -exec +', 'find /d -name "*.o" -exec rm {} +', 'rm /d/**/*.o'],
  ['a here-document for a shell', 'bash <<EOF\nrm a\nEOF', 'rm a'],
  ['a quoted here-document for a shell', "sh <<'EOF'\nrm a\nEOF", 'rm a'],
  ['a here-document with a variable', 'x=a; bash <<EOF\nrm $x\nEOF', 'rm a'],
  ['a here-document through cat', 'cat <<EOF | sh\nrm a\nEOF', 'rm a'],
  ['a here-string for a shell', 'bash <<< "rm a"', 'rm a'],
  ['echo into a shell', 'echo rm a | sh', 'rm a'],
  ['printf into a shell', "printf '%s %s' rm a | bash -s", 'rm a'],
  ['printf with escapes', "$(printf '\\x72\\155') a", 'rm a'],
  ['base64 into a shell', 'echo cm0gYQ== | base64 -d | sh', 'rm a'],
  ['base64 of a here-string', 'base64 -d <<< cm0gYQ== | sh', 'rm a'],
  ['hex into a shell', 'echo 726d2061 | xxd -r -p | sh', 'rm a'],
  ['reversed text into a shell', 'echo "a mr" | rev | sh', 'rm a'],
  ['rotated text into a shell', "echo 'ez n' | tr a-z n-za-m | sh", 'rm a'],
  ['edited text into a shell', 'echo "rX a" | sed s/X/m/ | sh', 'rm a'],
  ['eval of a decoded text', 'eval "$(echo cm0gYQ== | base64 --decode)"', 'rm a'],
  ['a shell reading a process substitution', 'bash <(echo rm a)', 'rm a'],
  ['source of a process substitution', '. <(echo rm a)', 'rm a'],
  ['a script written before', 'echo "rm a" > s.sh; sh s.sh', 'rm a'],
  ['a script written by a here-document', "cat > /tmp/s <<'E'\nrm a\nE\nchmod +x /tmp/s; /tmp/s", 'rm a'],
  ['a script written in two parts', 'echo -n "rm " > s; echo a >> s; . ./s', 'rm a'],
  ['variables', 'x=rm; y=a; $x $y', 'rm a'],
  ['variables put together', 'x=r; y=m; "$x$y" a', 'rm a'],
  ['an appended variable', 'x=r; x+=m; $x a', 'rm a'],
  ['a variable with spaces', 'x="rm -r a"; $x', 'rm -r a'],
  ['a default value', '${x:-rm} a', 'rm a'],
  ['a slice', 'x=xrmx; ${x:1:2} a', 'rm a'],
  ['a replacement', 'x=rXm; ${x/X/} a', 'rm a'],
  ['a changed case', 'x=RM; ${x,,} a', 'rm a'],
  ['an indirection', 'x=rm; y=x; ${!y} a', 'rm a'],
  ['an array', 'x=(rm -r a); "${x[@]}"', 'rm -r a'],
  ['positional parameters', 'set -- a b; rm "$2"', 'rm b'],
  ['IFS for spaces', 'rm${IFS}-r${IFS}a', 'rm -r a'],
  ['quotes inside a word', `r'm' "a"`, 'rm a'],
  ['a backslash inside a word', 'r\\m a', 'rm a'],
  ['ANSI quoting', "$'\\x72m' a", 'rm a'],
  ['braces', 'rm {a,b}.txt', 'rm a.txt b.txt'],
  ['a brace range', 'rm f{1..3}', 'rm f1 f2 f3'],
  ['braces as a command', '{rm,-r,a}', 'rm -r a'],
  ['the home folder', 'rm $HOME/a ~/b', 'rm ~/a ~/b'],
  ['read', 'read x <<< a; rm $x', 'rm a'],
  ['a trap', "trap 'rm a' EXIT", 'rm a'],
  ['an unquoted line continuation', 'rm \\\n a', 'rm a'],
  ['os.system', `python3 -c "import os; os.system('rm a')"`, 'rm a'],
  ['subprocess with a list', `python3 -c "import subprocess; subprocess.run(['rm', '-r', 'a'])"`, 'rm -r a'],
  ['system of perl', `perl -e 'system("rm a")'`, 'rm a'],
  ['execSync', `node -e "require('child_process').execSync('rm a')"`, 'rm a'],
  ['system of awk', `awk 'BEGIN { system("rm a") }'`, 'rm a'],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell, not templates

const lines = (text: string) => parseShell(text).map(({ name, args }) => [name, ...args].join(' '));
const one = (text: string, name: string) => {
  const found = parseShell(text).filter((command) => command.name === name);
  expect(found.length, `commands named ${name}`).toBeGreaterThan(0);
  return found.at(-1) as (typeof found)[number];
};

describe('parseShell finds the commands of', () => {
  it.each(forms)('%s', (_, text, ...commands) => {
    expect(lines(text)).toEqual(expect.arrayContaining(commands));
  });
});

describe('parseShell takes for no command', () => {
  it.each([
    ['a quoted text', 'echo "rm -rf a"'],
    ['a pattern', 'grep -r "rm a" .'],
    ['a comment', 'ls # rm a'],
    ['a here-document that is only printed', 'cat <<EOF > x\nrm a\nEOF'],
    ['a substitution in single quotes', "echo '$(rm a)'"],
    ['an assignment', 'x="rm a"'],
    ['a query for a program', 'command -v rm'],
  ])('%s', (_, text) => {
    expect(parseShell(text).map(({ name }) => name)).not.toContain('rm');
  });
});

describe('parseShell tells of a command', () => {
  it('its flags and operands', () => {
    const { flags, operands } = one('rm -rf --one-file-system --x=y a -- -b', 'rm');
    expect(flags).toEqual(['-r', '-f', '--one-file-system', '--x']);
    expect(operands).toEqual(['a', '-b']);
  });

  it('its redirects, environment and wrappers', () => {
    const { redirects, env, via } = one("sudo sh -c 'A=b make > out 2>> err'", 'make');
    expect(redirects).toEqual([
      { op: '>', path: 'out' },
      { op: '>>', path: 'err' },
    ]);
    expect(env).toEqual({ A: 'b' });
    expect(via).toEqual(['sudo', 'sh']);
  });

  it('that it reads another command and what it stands in', () => {
    expect(one('ls | wc -l', 'wc').piped).toBe(true);
    expect(one('wc -l a', 'wc').piped).toBe(false);
    expect(one('f() { while :; do make & done; }', 'make').within).toEqual([
      'function f',
      'endless',
      'background',
    ]);
    expect(one('while :; do make || break; done', 'make').within).toEqual(['loop']);
    expect(one('make && date', 'date').within).toEqual(['and']);
    expect(one('make || true && date', 'date').within).toEqual([]);
    expect(one('if make; then date; fi', 'date').within).toEqual(['if']);
  });

  it('the program text it interprets', () => {
    expect(one('python3 -c "print(1)"', 'python3').code).toBe('print(1)');
    expect(one('python3 - <<EOF\nprint(1)\nEOF', 'python3').code).toBe('print(1)\n');
    expect(one('echo "print(1)" > a.py; python3 a.py', 'python3').code).toBe('print(1)\n');
    expect(one('python3 other.py', 'python3').code).toBe('');
  });

  it('what it reads, writes and removes, in the folder it runs in', () => {
    const copy = one('cd /etc && cp passwd ../tmp/x', 'cp');
    expect(copy.reads).toEqual(['/etc/passwd']);
    expect(copy.writes).toContain('/tmp/x');
    expect(one('mv a /b', 'mv')).toMatchObject({ deletes: ['a'], writes: ['/b', '/b/a'] });
    expect(one('find /x -name "*.o" -delete', 'find').deletes).toEqual(['/x/**/*.o']);
    expect(one('sort -o /out in', 'sort')).toMatchObject({ reads: ['in'], writes: ['/out'] });
    expect(one('sed -i s/a/b/ f', 'sed').writes).toEqual(['f']);
    expect(one('dd if=/a of=/b', 'dd')).toMatchObject({ reads: ['/a'], writes: ['/b'] });
    expect(one(`python3 -c "import shutil; shutil.rmtree('/data')"`, 'python3').deletes).toEqual(['/data']);
    expect(one('cat /etc/sha*w', 'cat').reads).toContain('/etc/shadow');
    expect(one('(cd /a; ls); cat b', 'cat').reads).toEqual(['b']);
  });

  it('the hosts it contacts, this machine left out', () => {
    expect(one('curl -s -o x https://u:p@example.com:8443/a?b', 'curl').hosts).toEqual(['example.com']);
    expect(one('curl -H "Host: a.example" localhost:80', 'curl').hosts).toEqual([]);
    expect(one('ssh -p 22 bob@10.0.0.8 ls', 'ssh').hosts).toEqual(['10.0.0.8']);
    expect(one('scp a bob@b.example:/c', 'scp').hosts).toEqual(['b.example']);
    expect(one('exec 3<>/dev/tcp/10.1.1.1/80', 'exec').hosts).toEqual(['10.1.1.1']);
  });

  it('whether all of it could be worked out', () => {
    expect(one('x=a; rm $x', 'rm').resolved).toBe(true);
    expect(one('rm $x', 'rm')).toMatchObject({ args: ['$x'], resolved: false });
    expect(one('rm $(pick)', 'rm').resolved).toBe(false);
    expect(one('ls | xargs rm', 'rm').resolved).toBe(false);
  });
});

describe('parseShell gives a command without a name for', () => {
  it.each([
    ['an open quote', 'echo "abc'],
    ['an unfinished compound', 'if true; then'],
    ['an unfinished text in a shell', "sh -c 'if'"],
    ['a text that runs itself', `x='eval "$x"'; eval "$x"`],
    [
      'functions that multiply',
      'a(){ b;b;b;b; }; b(){ c;c;c;c; }; c(){ d;d;d;d; }; d(){ e;e;e;e; }; e(){ id;id;id;id; }; a',
    ],
    ['loops that multiply', `${'for a in 1 2 3 4 5 6 7 8 9; do '.repeat(9)}x=1${'; done'.repeat(9)}`],
    ['a text too long to look into', `echo ${'x'.repeat(200_001)}`],
  ])('%s', (_, text) => {
    expect(parseShell(text)).toContainEqual(expect.objectContaining({ name: '', resolved: false }));
  });
});

describe('hostile text', () => {
  const megabyte = 'x'.repeat(1024 * 1024);

  it('of a megabyte is not looked into, and said not to be', () => {
    for (const text of [megabyte, `echo ${megabyte}`, `rm -rf / # ${megabyte}`, `cat <<E\n${megabyte}\nE`])
      expect(parseShell(text)).toMatchObject([{ name: '', resolved: false, text: text.slice(0, 1000) }]);
  });

  it.each([
    ['an unterminated quote', 'rm -rf /srv; echo "never ends'],
    ['an unterminated here-document', 'rm -rf /srv; cat <<E\nnever ends'],
    ['an unterminated substitution', 'rm -rf /srv; echo $(never ends'],
    ['control characters', 'rm -rf /srv; \0\u0007\u001b[2J'],
    ['half a surrogate pair', 'rm -rf /srv; echo \ud800'],
    ['letters that only look like others', 'rm -rf /srv; ｒｍ -ｒｆ /'],
    ['a wildcard of many quoted braces', `rm -rf /srv; cat "/${'{a,b}'.repeat(200)}*"`],
  ])('with %s hides nothing before it', (_, text) => {
    expect(parseShell(text)[0]).toMatchObject({ name: 'rm', deletes: ['/srv'] });
  });

  it.each([
    ['nested substitutions', `${'$('.repeat(500)}x${')'.repeat(500)}`],
    ['nested subshells', `${'('.repeat(2000)}x${')'.repeat(2000)}`],
    ['nested evals', `eval ${'eval '.repeat(5000)}x`],
    ['pipes', Array(20_000).fill('x').join('|')],
    ['a variable that doubles', `A=xx; ${'A=$A$A; '.repeat(60)}`],
    ['a script that writes and runs itself', 'echo "sh f; sh f" > f; sh f'],
  ])('with %s ends soon', (_, text) => {
    const begun = performance.now();
    expect(parseShell(text).length).toBeLessThan(2500);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it('behind eval, in an array or in a here-document of a shell is found', () => {
    for (const text of [
      `eval "$(echo cm0gLXJmIC9zcnY= | base64 -d)"`,
      'A=(rm -rf /srv); "${A[@]}"',
      "bash <<'E'\nrm -rf /srv\nE",
      `x='rm -rf'; $x /srv`,
    ])
      expect(parseShell(text), text).toContainEqual(
        expect.objectContaining({ name: 'rm', deletes: ['/srv'] }),
      );
  });
});
