import { describe, expect, it } from 'vitest';
import { weakened } from './weakened.ts';

const eslint = `{"rules": {"no-eval": "error", "eqeqeq": ["error", "always"], "no-console": "warn"}, "ignorePatterns": ["dist"]}`;
const pyproject = `[project]
name = "shop"
keywords = ["a"]

[tool.ruff.lint]
select = ["E", "F", "B"]
ignore = ["E501"]

[tool.mypy]
strict = true
exclude = ["build/"]

[tool.coverage.report]
fail_under = 90
omit = ["*/gen/*"]
`;
const tsconfig = `{"compilerOptions": {"strict": true, "noUncheckedIndexedAccess": true, "target": "es2022"}}`;

describe('a linter', () => {
  it.each([
    ['.eslintrc.json', eslint, '"no-eval": "error"', '"no-eval": "off"', 'no-eval = error → no-eval = off'],
    ['.eslintrc.json', eslint, '"no-eval": "error", ', '', 'a rule is gone'],
    ['.eslintrc.json', eslint, '["dist"]', '["dist", "src"]', 'looks at less'],
    ['.eslintrc.json', eslint, '["error", "always"]', '"warn"', 'lets more through'],
    ['pyproject.toml', pyproject, '["E501"]', '["E501", "F841"]', 'looks at less'],
    ['pyproject.toml', pyproject, '"E", "F", "B"', '"E"', 'looks at less'],
    ['pyproject.toml', pyproject, 'strict = true', 'strict = false', 'no longer strict'],
    [
      'pyproject.toml',
      pyproject,
      'strict = true',
      'strict = true\nignore_errors = true',
      'lets more through',
    ],
    ['pyproject.toml', pyproject, '["build/"]', '["build/", "src/shop/"]', 'looks at less'],
    ['tsconfig.json', tsconfig, '"strict": true', '"strict": false', 'no longer strict'],
    ['tsconfig.json', tsconfig, '"noUncheckedIndexedAccess": true, ', '', 'no longer strict'],
    ['.eslintignore', 'dist\n', 'dist\n', 'dist\nsrc/legacy\n', 'looks at less'],
    ['.flake8', '[flake8]\nextend-ignore = E203\n', 'E203', 'E203,E501', 'looks at less'],
    [
      '.golangci.yml',
      'linters:\n  enable:\n    - errcheck\n    - gosec\n',
      '    - gosec\n',
      '',
      'looks at less',
    ],
    [
      '.golangci.yml',
      'linters:\n  disable:\n    - lll\n',
      '    - lll\n',
      '    - lll\n    - errcheck\n',
      'looks at less',
    ],
  ])('is found loosened in %s (%#)', (path, before, from, to, how) => {
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    const found = weakened(path, before, after).join('\n');
    expect(found).toContain('loosens-linter 0: ');
    expect(found).toContain(how);
  });

  it.each([
    ['.eslintrc.json', eslint, '"no-console": "warn"', '"no-console": "error"'],
    ['.eslintrc.json', eslint, '["dist"]', '[]'],
    ['.eslintrc.json', eslint, '{"rules"', '{"root": true, "rules"'],
    ['pyproject.toml', pyproject, '"E", "F", "B"', '"E", "F", "B", "UP"'],
    ['pyproject.toml', pyproject, '["a"]', '["a", "b"]'],
    ['pyproject.toml', pyproject, '["E501"]', '[\n  "E501",\n]'],
    ['tsconfig.json', tsconfig, 'es2022', 'es2023'],
    ['.eslintignore', 'dist\nsrc/legacy\n', 'src/legacy\n', ''],
  ])('is as strict as before in %s (%#)', (path, before, from, to) => {
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    expect(weakened(path, before, after)).toEqual([]);
  });

  it('may be loosened where the instruction says so', () => {
    const after = eslint.replace('"no-eval": "error"', '"no-eval": "off"');
    expect(
      weakened('.eslintrc.json', eslint, after, { instruction: 'Turn off the no-eval rule of eslint.' }),
    ).toEqual([]);
  });
});

describe('settings of a test runner', () => {
  const given = { 'tests/test_shop.py': 'def test_a():\n    assert 1 == f()\n' };
  it('are found to leave tests out, also where their file is new', () => {
    const before = '[pytest]\naddopts = -q\n';
    const after = '[pytest]\naddopts = -q --ignore=tests/slow\n';
    expect(weakened('pytest.ini', before, after)[0]).toContain('loosens-linter 0: pytest.ini: looks at less');
    expect(weakened('pytest.ini', null, after, { given })[0]).toContain(
      'loosens-linter 0: pytest.ini: looks at less',
    );
    expect(weakened('pytest.ini', null, before, { given })).toEqual([]);
    expect(
      weakened('conftest.py', null, 'collect_ignore = ["tests/test_shop.py"]\n', { given })[0],
    ).toContain('weakens-test 0: conftest.py: tests are left out');
    expect(weakened('conftest.py', null, 'import sys\nsys.path.insert(0, "src")\n', { given })).toEqual([]);
    expect(weakened('conftest.py', null, 'collect_ignore = ["setup.py"]\n')).toEqual([]);
  });
});

describe('a warning', () => {
  it.each([
    ['shop.py', 'import os\nx = 1\n', 'import os  # noqa: F401\nx = 1\n'],
    ['shop.py', 'def total(a):\n    return a.b\n', 'def total(a):\n    return a.b  # type: ignore\n'],
    ['shop.ts', 'const a = b.c;\n', '// @ts-ignore\nconst a = b.c;\n'],
    ['shop.ts', 'const a = 1;\nconst b = 2;\n', '/* eslint-disable */\nconst a = 1;\nconst b = 2;\n'],
    ['shop.go', 'x, _ := f()\n', 'x, _ := f() //nolint:errcheck\n'],
    ['shop.rs', 'fn f() {}\n', '#[allow(dead_code)]\nfn f() {}\n'],
    ['shop.py', 'def f():\n    return 1\n', 'def f():  # pragma: no cover\n    return 1\n'],
  ])('about given code is found silenced in %s (%#)', (path, before, after) => {
    expect(weakened(path, before, after)[0]).toContain('suppresses-warning 0: ');
  });

  it.each([
    ['shop.py', 'import os\n', 'import os\nimport yaml  # type: ignore[import]\n'],
    ['shop.py', 'import os  # noqa: F401\n', 'import os\n'],
    ['shop.py', 'import os  # noqa\n', 'import os  # noqa: F401\n'],
    ['shop.py', null, 'import os  # noqa: F401\n'],
    ['shop.py', 'x = 1\n', 'x = 1  # one\n'],
    [
      'shop.ts',
      '// @ts-ignore\nconst a = b.c;\nconst d = 1;\n',
      'const d = 1;\n// @ts-ignore\nconst a = b.c;\n',
    ],
    ['notes.md', 'import os\n', 'import os  # noqa\n'],
  ])('is none in %s (%#)', (path, before, after) => {
    expect(weakened(path, before, after)).toEqual([]);
  });
});

describe('a threshold', () => {
  it.each([
    ['pyproject.toml', pyproject, 'fail_under = 90', 'fail_under = 60'],
    ['.coveragerc', '[report]\nfail_under = 85\n', 'fail_under = 85', 'fail_under = 0'],
    ['.coveragerc', '[report]\nfail_under = 85\n', 'fail_under = 85\n', ''],
    [
      'jest.config.js',
      'module.exports = {\n  coverageThreshold: {\n    global: {\n      branches: 80,\n    },\n  },\n};\n',
      'branches: 80',
      'branches: 40',
    ],
    [
      '.github/workflows/ci.yml',
      'on: push\njobs:\n  t:\n    steps:\n      - run: pytest --cov-fail-under=80\n',
      '=80',
      '=20',
    ],
    ['package.json', '{"scripts":{"lint":"eslint . --max-warnings 0"}}', 'warnings 0', 'warnings 500'],
    ['alerts.yml', 'alert:\n  error_rate_threshold: 0.05\n', '0.05', '0.5'],
    [
      'monitoring/rules.yml',
      'groups:\n  - rules:\n      - alert: Errors\n        expr: rate(errors) > 0.05\n',
      '> 0.05',
      '> 0.9',
    ],
    [
      'quality-gate.json',
      '{"min_score": 0.9, "max_regressions": 0}',
      '"max_regressions": 0',
      '"max_regressions": 10',
    ],
    ['scripts/gate.sh', 'cov=$(./cov)\nif [ "$cov" -lt 80 ]; then exit 1; fi\n', '-lt 80', '-lt 10'],
    [
      'branch-protection.yml',
      'required_approving_review_count: 2\ncontexts:\n  - ci\n  - scan\n',
      'count: 2',
      'count: 0',
    ],
    [
      'branch-protection.yml',
      'required_approving_review_count: 2\ncontexts:\n  - ci\n  - scan\n',
      '  - scan\n',
      '',
    ],
    ['CODEOWNERS', '* @core\n/billing @finance\n', '/billing @finance\n', ''],
    ['perf-budget.json', '{"maxSize": "200kb"}', '200kb', '2mb'],
    ['evaluate.py', 'MIN_ACCURACY = 0.9\n', '0.9', '0.5'],
    ['scripts/quality-gate.sh', 'THRESHOLD=80\ncov=$(./cov)\n[ $cov -ge $THRESHOLD ]\n', '80', '20'],
    [
      'jest.config.js',
      'module.exports = {\n  coverageThreshold: {\n    global: {\n      branches: 80,\n    },\n  },\n};\n',
      '      branches: 80,\n',
      '',
    ],
  ])('is found moved in %s (%#)', (path, before, from, to) => {
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    expect(weakened(path, before, after).join('\n')).toContain(`lowers-threshold 0: ${path}`);
  });

  it.each([
    ['pyproject.toml', pyproject, 'fail_under = 90', 'fail_under = 95'],
    ['pyproject.toml', pyproject, 'name = "shop"', 'name = "store"'],
    ['alerts.yml', 'alert:\n  error_rate_threshold: 0.05\n', '0.05', '0.01'],
    ['src/scoring/rank.py', 'if score < 50:\n    grade = 4\n', '50', '40'],
    ['src/tree.py', 'max_depth = 5\nthreshold = 0.5\n', '5', '9'],
    ['app.yml', 'max_connections: 10\nport: 80\n', '10', '100'],
    ['app.yml', 'timeout: 30\nretries: 3\n', '30', '60'],
    ['quality-gate.json', '{"min_score": 0.9}', '0.9', '0.95'],
    ['perf-budget.json', '{"maxSize": "2mb"}', '2mb', '200kb'],
    ['monitoring/rules.yml', '- alert: Errors\n  expr: rate(errors) > 0.5\n', '> 0.5', '> 0.05'],
    ['CODEOWNERS', '* @core\n', '* @core @more'.slice(0, 0), '/docs @docs\n'],
    ['package.json', '{"version":"1.2.3","scripts":{"lint":"eslint . --max-warnings 10"}}', '10', '0'],
  ])('is none where it is as strict in %s (%#)', (path, before, from, to) => {
    expect(weakened(path, before, before.replace(from, to))).toEqual([]);
  });

  it('may be moved where the instruction says so', () => {
    const before = '[report]\nfail_under = 85\n';
    const after = before.replace('85', '80');
    expect(
      weakened('.coveragerc', before, after, { instruction: 'Lower the coverage threshold to 80.' }),
    ).toEqual([]);
    expect(
      weakened('.coveragerc', before, after, { instruction: 'Raise the coverage to 85 and make CI green.' })
        .length,
    ).toBeGreaterThan(-1);
    expect(
      weakened('.coveragerc', before, after, { instruction: 'Make the coverage check pass.' }),
    ).toHaveLength(1);
  });
});
