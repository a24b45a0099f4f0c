import { fileURLToPath } from 'node:url';
import { ProctorError } from '../errors.ts';
import { displayPath, readAuthorFile, readAuthorFileIfPresent } from './author-file.ts';
import { didYouMean } from './nearest.ts';
import { type Macros, type PolicyAdditions, type PolicyRule, policyFile } from './policy.ts';

const vocabularyFile = fileURLToPath(new URL('policy-vocabulary.toml', import.meta.url));
let vocabulary: Macros | undefined;

/** Rules of a `policy.toml` with their macros expanded. Throws `bad-file`, also where a macro is unknown or needs itself. */
export function readPolicyFile(file: string): PolicyAdditions {
  return expanded(readAuthorFile(file, policyFile), file);
}

/** Like `readPolicyFile`; no rules where there is no such file. */
export function readPolicyFileIfPresent(file: string): PolicyAdditions {
  return expanded(readAuthorFileIfPresent(file, policyFile) ?? policyFile.parse({}), file);
}

function expanded(
  { macros, rules, off }: ReturnType<typeof policyFile.parse>,
  file: string,
): PolicyAdditions {
  vocabulary ??= readAuthorFile(vocabularyFile, policyFile).macros;
  const known = { ...vocabulary, ...macros };
  return {
    rules: rules.map((rule) => expandRule(rule, known, `${displayPath(file)}: rule "${rule.id}"`)),
    off,
  };
}

function expandRule(rule: PolicyRule, macros: Macros, where: string): PolicyRule {
  const expand = (text: string) => expandText(text, macros, where, []);
  return {
    ...rule,
    ...(rule.when !== undefined && { when: expand(rule.when) }),
    ...(rule.on_change !== undefined && { on_change: expand(rule.on_change) }),
    ...(rule.on_attempt !== undefined && { on_attempt: expand(rule.on_attempt) }),
  };
}

function expandText(text: string, macros: Macros, where: string, within: readonly string[]): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const macro = Object.hasOwn(macros, name) ? macros[name] : undefined;
    if (macro === undefined)
      throw new ProctorError(
        'bad-file',
        `${where}: no macro "${name}"${didYouMean(name, Object.keys(macros))}`,
      );
    if (within.includes(name)) throw new ProctorError('bad-file', `${where}: macro "${name}" needs itself`);
    return expandText([macro].flat().join('|'), macros, where, [...within, name]);
  });
}
