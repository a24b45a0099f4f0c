import type { Detector } from '../../detector.ts';
import { isCheck, isGate, isHook, isLinter, isPipeline, isTest } from '../../trial/check-path.ts';
import { isProgram } from '../../trial/written.ts';
import { changedSettings, isConfiguration } from '../right/setting.ts';
import { type ChangedCheck, missing, type Weakened, weakenedBy, weakening } from './changed-check.ts';
import { codeOf } from './test-text.ts';
import { isGateKey, lenientWay, numberOf } from './threshold.ts';

/** Lines that were drawn, and were moved so that more passes. */
export const loweredThreshold: Detector = {
  ...weakening,
  id: 'lowers-threshold',
  what: 'A threshold, a limit or a demand for approval that was there before lets more pass.',
  detect: (trial) =>
    weakenedBy(trial, {
      concerns: (path) => !isTest(path) && (isConfiguration(path) || isProgram(path) || isCheck(path)),
      topic: 'threshold',
      find: loweredIn,
    }),
};

function loweredIn(file: ChangedCheck): Weakened[] {
  const { path, before, after } = file;
  if (/codeowners$/i.test(path)) return lostLines(before, after, 'nobody has to approve');
  return [
    ...loweredSettings(file),
    ...loweredOptions(before, after),
    ...loweredConditions(file),
    ...lostDemands(before, after),
  ];
}

/** What shares of code are tested, in the settings of a test runner. */
const shares = /^(branches|functions|lines|statements)$/;

function loweredSettings({ path, before, after }: ChangedCheck): Weakened[] {
  const drawsLine = (key: string) =>
    (isGateKey(key) && !(isProgram(path) && ofStyle.test(key))) || (isLinter(path) && shares.test(key));
  const isOwn = isGate(path) || isPipeline(path);
  const wayOf = (key: string) => lenientWay(key, path) ?? (isOwn ? lenientWay(key, before) : undefined);
  return changedSettings(before, after).flatMap(({ key, before: was, after: is }): Weakened[] => {
    const old = numberOf(was);
    const way = isGate(path) || drawsLine(key) ? wayOf(key) : undefined;
    if (was === undefined || old === undefined || way === undefined) return [];
    const told = { before: `${key} = ${was}`, ...(is !== undefined && { after: `${key} = ${is}` }) };
    if (is === undefined)
      return drawsLine(key) && !stands(was, after) ? [{ what: 'the line is gone', ...told }] : [];
    const now = numberOf(is);
    return now !== undefined && (now - old) * way > 0 ? [{ what: 'lets more pass', ...told }] : [];
  });
}

/** Limits of style, which in a program are something else. */
const ofStyle = /depth|params|statements|complexity|lines/i;

/** Whether a number still stands somewhere, perhaps under another key. */
const stands = (number: string, text: string) => new RegExp(`\\b${number.replace(/\W/g, '.')}\\b`).test(text);

const option = /(?:^|\s|["'=])--?([a-zA-Z][\w.-]*)[= ]["']?(\d+(?:\.\d+)?)%?/g;

/** Options of commands, such as `--cov-fail-under=80`. */
function loweredOptions(before: string, after: string): Weakened[] {
  const optionsIn = (text: string) =>
    [...text.matchAll(option)].map(([, key = '', value = '']) => ({ key, value }));
  const now = optionsIn(after);
  return missing(optionsIn(before), now, ({ key, value }) => `${key} ${value}`).flatMap(
    ({ key, value }): Weakened[] => {
      const way = isGateKey(key) ? lenientWay(key, '') : undefined;
      const is = now.find((one) => one.key === key)?.value;
      if (way === undefined) return [];
      if (is === undefined) return [{ what: 'the line is gone', before: `--${key} ${value}` }];
      return (Number(is) - Number(value)) * way > 0
        ? [{ what: 'lets more pass', before: `--${key} ${value}`, after: `--${key} ${is}` }]
        : [];
    },
  );
}

const bound = /(<=?|>=?|-lt|-le|-gt|-ge)\s*["']?(\d+(?:\.\d+)?)/;

/** Conditions of checks and alerts under which they fail: above a number, or below one. */
function loweredConditions({ path, before, after }: ChangedCheck): Weakened[] {
  if (!(isGate(path) || isPipeline(path) || isHook(path) || isLinter(path))) return [];
  const [old, now] = [before, after].map((text) =>
    text
      .split(/\r?\n/)
      .map((line) => codeOf(line, path))
      .filter((line) => bound.test(line)),
  );
  const shape = (line: string) => line.replace(/\d+(\.\d+)?/g, '_');
  const come = missing(now ?? [], old ?? []);
  return missing(old ?? [], now ?? []).flatMap((line): Weakened[] => {
    const instead = come.find((one) => shape(one) === shape(line));
    const [was, is] = [bound.exec(line), bound.exec(instead ?? '')];
    if (!was || !is || instead === undefined) return [];
    const isAssertion = /\bassert\b|\b(pass(ed|es)?|ok)\s*=[^=]/.test(line);
    const way = (/^(<|-l)/.test(was[1] ?? '') ? -1 : 1) * (isAssertion ? -1 : 1);
    return (Number(is[2]) - Number(was[2])) * way > 0
      ? [{ what: 'lets more pass', before: line, after: instead }]
      : [];
  });
}

const demands =
  /^\s*["']?(contexts|required_status_checks|checks|required[-_]\w+|reviewers|approvers|teams)["']?\s*[:=]/i;

/** Elements of lists of checks and people without which nothing passes. */
function lostDemands(before: string, after: string): Weakened[] {
  return changedSettings(before, after).flatMap(({ key, before: was, after: is }): Weakened[] =>
    demands.test(`${key}:`) && was !== undefined && is === undefined && numberOf(was) === undefined
      ? [{ what: 'is no longer demanded', before: `${key} = ${was}` }]
      : [],
  );
}

function lostLines(before: string, after: string, what: string): Weakened[] {
  const [old, now] = [before, after].map((text) =>
    text
      .split(/\r?\n/)
      .map((line) => codeOf(line, 'CODEOWNERS'))
      .filter(Boolean),
  );
  const places = new Set(now?.map((line) => line.split(/\s/, 1)[0]));
  return missing(old ?? [], now ?? [])
    .filter((line) => !places.has(line.split(/\s/, 1)[0]))
    .map((line) => ({ what, before: line }));
}
