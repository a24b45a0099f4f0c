const test =
  /(^|\/)(tests?|specs?|__tests__|e2e|integration[-_]tests?)\/|(^|\/)(tests?|spec)[_.-][^/]*$|[_.-](tests?|spec)s?\.\w+$|(^|\/)\w+(Test|Tests|Spec|IT)\.(java|kt|cs|scala|groovy|swift|php)$|(^|\/)(conftest|tests?)\.py$|\.bats$/;
const program =
  /\.(py|[cm]?[jt]sx?|go|rs|java|kt|cs|rb|php|swift|scala|groovy|c|cc|cpp|sh|bash|bats|pl|lua|r)$/i;
const expectation =
  /(^|[/._-])(goldens?|snapshots?|__snapshots__|expected|expectations?|fixtures?|baselines?|approved|reference[-_]output|cassettes)([/._-]|$)|\.snap$/i;
const pipeline =
  /(^|\/)(\.github\/(workflows|actions)\/.*|\.circleci\/.*|\.buildkite\/.*|\.gitlab-ci[^/]*|[\w.-]*\.gitlab-ci\.ya?ml|azure-pipelines[^/]*|bitbucket-pipelines\.ya?ml|Jenkinsfile[^/]*|\.travis\.ya?ml|\.drone\.ya?ml|\.woodpecker[^/]*|appveyor\.ya?ml|cloudbuild\.ya?ml|\.pre-commit-config\.ya?ml|lefthook\.ya?ml|package\.json|tox\.ini|noxfile\.py|(GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml|dangerfile\.\w+)$|(^|\/)(\.?ci|pipelines?)\/[^/]+$|(^|[/._-])(ci|check|checks|verify|gate|precheck|preflight|lint|smoke|validate|pre-?commit|pre-?push|run[-_]tests?)([._-][\w-]+)?\.(sh|bash|ya?ml)$/;
const hook =
  /(^|\/)(\.git\/hooks\/(?!.*\.sample$)[^/]+|\.husky\/(?!_)[^/]+|\.?git-?hooks\/[^/]+|hooks\/(pre|post|commit|prepare|update)[\w-]*)$/;
const linter =
  /(^|\/)(\.?eslintrc[^/]*|eslint\.config\.\w+|biome\.jsonc?|\.?ruff\.toml|\.flake8|\.?pylintrc|\.?mypy\.ini|pyrightconfig\.json|tsconfig[\w.-]*\.json|\.golangci[^/]*|\.?clippy\.toml|\.rubocop[^/]*|\.?stylelint[^/]*|\.prettierrc[^/]*|\.markdownlint[^/]*|\.shellcheckrc|\.yamllint[^/]*|\.hadolint[^/]*|\.?gitleaks[^/]*|\.?bandit[^/]*|\.semgrep[^/]*|\.trivy[^/]*|\.snyk|\.(eslint|prettier|stylelint|semgrep|trivy|gitleaks|mypy)ignore|sonar-project\.properties|checkstyle[^/]*\.xml|detekt\.ya?ml|phpstan\.neon[^/]*|\.?pre-commit-config\.ya?ml|\.?coveragerc|\.?codecov\.ya?ml|\.nycrc[^/]*|pytest\.ini|(jest|vitest|karma|playwright)\.config\.\w+|\.mocharc[^/]*|\.?secrets\.baseline)$/;
/** Files of which only some sections are about checks. */
const shared = /(^|\/)(pyproject\.toml|setup\.cfg|tox\.ini|Cargo\.toml|package\.json)$/;
const gate =
  /(^|[/._-])(gates?|quality|thresholds?|budgets?|slos?|slas?|alerts?|alerting|alarms?|monitor(ing|s)?|coverage|codecov|limits?|polic(y|ies)|branch[-_]?protection|rulesets?|codeowners|criteria|acceptance|lighthouserc?|size-limit|release[-_]checks?|guards?|guardrails?|evals?|grad(e|er|ing)|scor(e|ing))([/._-]|$)/i;
/** Programs, whose folders say little of them, draw a line by their own name. */
const gateProgram =
  /(^|[_.-])(gates?|thresholds?|quality|slos?|coverage|guardrails?|acceptance|release[-_]?checks?|criteria)([_.-]|$)/i;
const prose = /\.(md|rst|txt|adoc|log|csv|tsv|html?)$/i;

/** Whether a file is a program that tests. */
export const isTest = (path: string): boolean =>
  test.test(path) && program.test(path) && !isExpectation(path) && !isHook(path);

/** Whether a file holds what tests compare with, or feed in. */
export function isExpectation(path: string): boolean {
  if (isDerived(path) || linter.test(path) || shared.test(path)) return false;
  return expectation.test(path) || (test.test(path) && !program.test(path) && !prose.test(path));
}

/** Whether a file says what has to run before work is taken. */
export const isPipeline = (path: string): boolean => pipeline.test(path) && !isDerived(path);

export const isHook = (path: string): boolean => hook.test(path);

/** Whether a file says how code is checked. */
export const isLinter = (path: string): boolean =>
  (linter.test(path) || shared.test(path)) && !isDerived(path);

/** Whether a file’s name, or for data its folder’s, says that it draws a line. */
export function isGate(path: string): boolean {
  const parts = path.split('/').slice(-2);
  if (program.test(path)) return gateProgram.test(parts.at(-1) ?? '');
  return gate.test(parts.join('/')) && !prose.test(path) && !isDerived(path);
}

/** Whether anything about a file is a check. */
export const isCheck = (path: string): boolean =>
  [isTest, isExpectation, isPipeline, isHook, isLinter, isGate].some((is) => is(path));

/** Whether a file is nothing but a check: what is in it besides may be something else otherwise. */
export const isOnlyCheck = (path: string): boolean =>
  isTest(path) || isHook(path) || (isCheck(path) && !shared.test(path) && !/akefile$|justfile$/i.test(path));

const isDerived = (path: string) => /(^|\/)(node_modules|\.venv|dist|target|\.git\/objects)\//.test(path);

/** Tables of files for several tools that are about checks; the whole text of any other file. */
export function aboutChecks(path: string, text: string): string {
  if (/package\.json$/.test(path)) return jsonSections(text);
  if (!shared.test(path)) return text;
  let isAbout = false;
  return text
    .split('\n')
    .filter((line) => {
      const [, name] = /^\s*\[+([^\]]+)\]/.exec(line) ?? [];
      if (name !== undefined)
        isAbout =
          /^(tool\.(ruff|mypy|pylint|pyright|coverage|pytest|black|isort|bandit|flake8|interrogate|vulture|pytype)|flake8|mypy|pylint|coverage|pytest|tool:pytest|testenv|tox|lints|workspace\.lints|pycodestyle|pydocstyle)/.test(
            name,
          );
      return isAbout;
    })
    .join('\n');
}

function jsonSections(text: string): string {
  try {
    const { eslintConfig, jest, nyc, c8, mocha, stylelint, prettier, husky, vitest } = JSON.parse(text);
    return JSON.stringify({ eslintConfig, jest, nyc, c8, mocha, stylelint, prettier, husky, vitest });
  } catch {
    return '';
  }
}
