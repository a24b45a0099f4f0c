import { type ChangedCheck, missing, type Weakened } from './changed-check.ts';
import { caseAt, isShell, type TestText } from './test-text.ts';

const skips =
  /@?\b(pytest\.mark\.|mark\.)?(skip|skipif|xfail)\b(?=\s*(\(|$))|@(unittest\.)?(skip\w*|expectedFailure)\b|\b(pytest|self|unittest)\.(skip\w*|xfail|importorskip)\(|\bSkipTest\b|\b(it|test|describe|context|suite)\.(skip|todo|fails|failing|skipIf|runIf)\b|\b(xit|xdescribe|xtest|xcontext)\s*\(|\bthis\.skip\(|\bt\.Skip\w*\(|^#\[(ignore|should_panic|cfg\(any\(\)\))|@(Disabled|Ignore|DisabledIf|EnabledIf)\w*\b|\bassume(True|That|False)?\(|^skip( ["']|$)|^pending\b|\[Ignore\]|\bSkip\s*=\s*"|__test__\s*=\s*False|\/\/go:build (ignore|never)|\btesting\.Short\(\)/;
const only = /\b(it|test|describe|context|suite)\.only\b|\b(fit|fdescribe|ftest|fcontext)\s*\(/;
const wholesale =
  /\bcollect_ignore\w*\b|\bpytest_(ignore_collect|collection_modifyitems|runtest_makereport|sessionfinish|pyfunc_call)\b|\badd_marker\(.*(skip|xfail)|\b\w+\.(outcome|exitstatus)\s*=\s*["'0]|\bpytestmark\s*=.*(skip|xfail)/;
const leaves =
  /^(return;?|return (None|nil|true|True|0);?|exit 0|(sys|os|process)\.(_?exit)\((0|)\);?|pytest\.exit\(.*\)|quit\(\))$/;
const swallows =
  /^except(\s*\(?(AssertionError|Exception|BaseException)\b.*)?:$|^\}?\s*catch\s*(\(\w*\))?\s*\{\s*\}?$/;
const passes = /\|\|\s*(true|:|exit 0|echo\b.*)\s*[;)}]*$|;\s*(true|exit 0)$|^set \+e/;

/** Marks and lines that keep what was there from running, or from failing. */
export function disabledIn({ path }: ChangedCheck, old: TestText, now: TestText): Weakened[] {
  const known = new Set(old.cases.map(({ name }) => name));
  const fresh = new Set(missing(now.lines, old.lines));
  const found = now.lines.flatMap((line, at): Weakened[] => {
    if (line === '' || !fresh.has(line)) return [];
    if (only.test(line)) return [{ what: 'only this still runs', after: line }];
    if (wholesale.test(line)) return [{ what: 'tests are left out', after: line }];
    const own = caseAt(now, at);
    if (own && !known.has(own.name)) return [];
    if (skips.test(line) && !old.lines.some((one) => skips.test(one) && one === line))
      return [{ what: own ? `skips ${own.name}` : 'skips tests', after: line }];
    if (leaves.test(line) && isFollowed(now, at, own?.to ?? now.lines.length))
      return [{ what: 'ends before its checks', after: line }];
    if (
      swallows.test(line) &&
      /^(pass|\}|return.*)?$/.test(now.lines[at + 1] ?? '') &&
      !old.lines.includes(line)
    )
      return [{ what: 'a failure is swallowed', after: line }];
    if (isShell(path) && passes.test(line) && isOfOld(line, old))
      return [{ what: 'cannot fail', after: line }];
    return [];
  });
  const strict = isShell(path) ? missing(old.lines.filter(isStrict), now.lines.filter(isStrict)) : [];
  return [...found, ...strict.map((before): Weakened => ({ what: 'goes on after failures', before }))];
}

const isStrict = (line: string) => /^set -\w*e|^set -o (errexit|pipefail)/.test(line);

/** Whether a check comes after a line that always leaves. */
function isFollowed({ lines, indents }: TestText, at: number, to: number): boolean {
  for (let next = at + 1; next < to; next += 1) {
    if ((lines[next] ?? '') === '') continue;
    return (
      indents[next] === indents[at] &&
      !/^(\}|fi|done|esac|else|elif|end)\b/.test(lines[next] ?? '') &&
      lines[next] !== '}'
    );
  }
  return false;
}

/** Whether a line is one of before, made harmless. */
function isOfOld(line: string, old: TestText): boolean {
  if (/^set \+e/.test(line)) return true;
  const base = line.replace(passes, '').trim();
  return base !== '' && old.lines.some((one) => one.startsWith(base));
}
