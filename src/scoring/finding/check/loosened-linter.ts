import type { Detector } from '../../detector.ts';
import { aboutChecks, isLinter } from '../../trial/check-path.ts';
import { isProgram } from '../../trial/written.ts';
import { changedSettings } from '../right/setting.ts';
import { type ChangedCheck, missing, type Weakened, weakenedBy, weakening } from './changed-check.ts';
import { suppressionsIn } from './suppression.ts';

/** Rules of linters, types and scanners that were switched off, or places that they no longer look at. */
export const loosenedLinter: Detector = {
  ...weakening,
  id: 'loosens-linter',
  what: 'A linter, a type checker or a scanner was told to look at less, or to let more through.',
  detect: (trial) => weakenedBy(trial, { concerns: isLinter, topic: 'linter', find: loosenedIn }),
};

/** Warnings about given code that were silenced in the code. */
export const suppressedWarning: Detector = {
  ...weakening,
  id: 'suppresses-warning',
  what: 'A warning about code that was there before is silenced in the code.',
  detect: (trial) =>
    weakenedBy(trial, {
      concerns: isProgram,
      topic: 'linter',
      find: suppressionsIn,
    }),
};

const ignores =
  /ignore|exclude|omit|disable|skip|allowlist|whitelist|suppress|per-file|unchecked|exempt|no-check/i;
const selects =
  /^(extend-)?(select|enable|include|plugins?|extends|checks?|rules?|linters?|files|source|hooks?|id|paths?)$/i;
const strict =
  /^(strict\w*|alwaysStrict|no[A-Z]\w+|no_\w+|disallow_\w+|warn_\w+|check_\w+|enable\w*|checkJs|forbid\w*|deny\w*|fail\w*|enforce\w*|branch|error\w*|exactOptional\w*|use[A-Z]\w+|recommended|all|enabled)$/;
const lenient =
  /^(ignore_missing_imports|ignore_errors|skipLibCheck|allow\w*|follow_imports|exit_zero|continue\w*|suppress\w*|soft_fail|disabled)$/i;
/** Options of test runners and linters by which part of the work is left out, or failures pass. */
const leavesOut =
  /(^|\s)(--ignore(-glob)?[= ]|--deselect|-[km] ["']?not |--exit-zero|--no-cov\b|--passWithNoTests|--co(llect-only)?\b)/;
const isOn = (value: string | undefined) => /^(true|yes|on|1)$/i.test(value ?? '');
const isOff = (value: string | undefined) => value === undefined || /^(false|no|off|0)$/i.test(value);
const levels = [
  /^(off|0|allow|ignore|none|disabled?|silent)$/i,
  /^(warn(ing)?|1|info|hint|minor|note)$/i,
  /^(error|2|deny|forbid|fatal|critical|high|always)$/i,
];
const levelOf = (value: string | undefined) => levels.findIndex((level) => level.test(value ?? ''));

/** Settings by which less is looked at, or more let through. */
function loosenedIn({ path, before, after }: ChangedCheck): Weakened[] {
  if (/ignore$|secrets\.baseline$/.test(path)) return grownList(before, after);
  const [old, now] = [before, after].map((text) => oneLined(aboutChecks(path, text)));
  const changed = changedSettings(old ?? '', now ?? '');
  const come = new Set(changed.flatMap(({ after: value }) => value ?? []));
  const gone = new Set(changed.flatMap(({ before: value }) => value ?? []));
  return changed.flatMap(({ key, before: was, after: is }): Weakened[] => {
    const told = {
      ...(was !== undefined && { before: `${key} = ${was}` }),
      ...(is !== undefined && { after: `${key} = ${is}` }),
    };
    if (key === '' || (was === undefined && is === undefined)) return [];
    if (is !== undefined && leavesOut.test(is) && !leavesOut.test(was ?? ''))
      return [{ what: 'looks at less', ...told }];
    if (lenient.test(key)) return isOn(is) && !isOn(was) ? [{ what: 'lets more through', ...told }] : [];
    if (ignores.test(key) && !isOff(is))
      return is !== undefined && !gone.has(is) && !isOff(is) && isMore(was, is)
        ? [{ what: 'looks at less', ...told }]
        : [];
    if (strict.test(key) && isOn(was) && isOff(is)) return [{ what: 'no longer strict', ...told }];
    if (levelOf(was) > 0 && levelOf(is) >= 0 && levelOf(is) < levelOf(was))
      return [{ what: 'lets more through', ...told }];
    if (levelOf(was) === 2 && is === undefined && !/^[12]$/.test(was ?? ''))
      return [{ what: 'a rule is gone', ...told }];
    if (selects.test(key) && was !== undefined && !come.has(was) && is === undefined)
      return [{ what: 'looks at less', ...told }];
    if (is !== undefined && levelOf(is) === 0 && was === undefined && /[a-z]-[a-z]|\//.test(key))
      return [{ what: 'a rule is switched off', ...told }];
    return [];
  });
}

/** A pattern that only became narrower, such as a longer path, is no growth. */
const isMore = (was: string | undefined, is: string) =>
  was === undefined || !is.startsWith(was) || is.includes(`|`) || is.includes(',');

/** Lists without brackets, such as `ignore = E1,E2`, and those of several lines, as lists of one. */
const oneLined = (text: string) =>
  text
    .replace(/\[[^[\]]*\]/g, (list) => list.replace(/#.*$/gm, '').replace(/\s*\n\s*/g, ' '))
    .replace(/^(\s*[\w-]+\s*[=:]\s*)([A-Z]\w*(?:\s*,\s*\w+)+)\s*$/gm, '$1[$2]');

function grownList(before: string, after: string): Weakened[] {
  const [old, now] = [before, after].map((text) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
  return missing(now ?? [], old ?? [])
    .map((line) => ({ what: line.startsWith('!') ? '' : 'looks at less', after: line }))
    .filter(({ what }) => what !== '');
}
