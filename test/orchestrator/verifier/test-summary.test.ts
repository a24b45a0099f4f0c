import { expect, it } from 'vitest';
import { testCounts } from '../../../src/orchestrator/verifier/test-summary.ts';

it.each([
  ['..F.\n=== 3 passed, 1 failed in 0.12s ===', 3, 1],
  ['1 failed, 2 passed, 1 warning, 1 error in 1.02s', 2, 2],
  ['5 passed in 0.03s', 5, 0],
  ['Test Suites: 1 failed, 2 total\nTests:       1 failed, 3 passed, 4 total', 3, 1],
  [' Test Files  1 passed (1)\n      \u001b[2mTests\u001b[22m  6 passed (6)', 6, 0],
  ['  4 passing (12ms)\n  2 failing', 4, 2],
  ['Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=1)', 3, 2],
  ['Ran 2 tests in 0.000s\n\nOK', 2, 0],
  [
    'test result: ok. 3 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 ignored',
    4,
    2,
  ],
  ['--- PASS: TestA (0.00s)\n    --- PASS: TestA/b\n--- FAIL: TestC\nFAIL', 2, 1],
  ['1..3\nok 1 adds\nnot ok 2 takes\nok 3 ends', 2, 1],
  ['[INFO] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0', 3, 1],
])('the summary %j says how many tests passed and failed', (output, passed, failed) => {
  expect(testCounts(output)).toEqual({ passed, failed });
});

it('says nothing of a runner that it does not know', () => {
  expect(testCounts('all good, 3 things were looked at')).toEqual({});
});
