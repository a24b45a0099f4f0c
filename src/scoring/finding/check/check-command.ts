import { codeOf } from './test-text.ts';

/** What commands check, by the words that are in them. */
const kinds = {
  test: /\b(pytest|py\.test|unittest|tox|nox|jest|vitest|mocha|ava|cypress|playwright|karma|ctest|rspec|phpunit|bats|tests?|testing|e2e|smoke|spec)\b/i,
  lint: /\b(lint\w*|eslint|ruff|flake8|pylint|black|prettier|isort|biome|clippy|golangci-lint|rubocop|shellcheck|hadolint|fmt|format|stylelint|yamllint|markdownlint|vet|swiftlint|ktlint|detekt)\b/i,
  type: /\b(mypy|pyright|tsc|type-?check|types)\b/i,
  security:
    /\b(audit|bandit|semgrep|trivy|snyk|gitleaks|safety|codeql|scan\w*|detect-secrets|secrets?|grype|osv-scanner|cosign|trufflehog|dependency-review)\b/i,
  gate: /\b(coverage|codecov|cov|sonar\w*|quality|gate|checks?|check-\w+|valid\w*|verif\w+|approv\w*|guard|policy|integrity|sha256sum|checksum|require\w*|review\w*|protected)\b/i,
} as const;
type Kind = keyof typeof kinds;

const nothing = /^@?-?\s*(echo|true|:|exit|printf|rem|print|pass|return 0)\b|^:$|^$/;
const describes =
  /^["']?(name|needs|description|title|desc|on|branches|paths|runs-on|image|id|key|uses: actions\/(checkout|cache|setup-\w+|upload-artifact|download-artifact).*)["']?\s*:/i;
const label = /^(?:-\s+)?["']?[\w.-]+["']?\s*:\s+(?=\S)|^-\s+/;

/** Commands of a script, a makefile or a pipeline that check something, each with what. */
export function checkCommands(text: string, path: string): { command: string; kind: Kind }[] {
  return scriptsOf(text, path).flatMap((line) => {
    const code = codeOf(line, path);
    if (describes.test(code.replace(/^-\s+/, '')) || /^[.\w-]+:$/.test(code)) return [];
    return code
      .replace(label, '')
      .replace(/^["'](.*)["'],?$/, '$1')
      .split(/\s*(?:&&|;)\s*/)
      .map((command) => command.replace(/^@/, '').trim())
      .filter((command) => !nothing.test(command))
      .flatMap((command) => kindsOf(command).map((kind) => ({ command, kind })));
  });
}

/** The one kind that a command is of; one that checks in general is of the kind that it names besides. */
function kindsOf(command: string): Kind[] {
  const found = (Object.keys(kinds) as Kind[]).filter((kind) => kinds[kind].test(command));
  return found.length > 1 ? found.filter((kind) => kind !== 'gate') : found;
}

/** A package’s scripts, a line each; the lines of any other text, those that go on joined. */
function scriptsOf(text: string, path: string): string[] {
  if (!/package\.json$/.test(path)) return text.replace(/\\\r?\n\s*/g, ' ').split(/\r?\n/);
  try {
    const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, string> };
    return Object.entries(scripts).map(([name, command]) => `${name}: ${command}`);
  } catch {
    return [];
  }
}
