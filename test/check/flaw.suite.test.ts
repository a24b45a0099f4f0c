import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, copyOf, edit, problems } from './flawed.ts';

describe('a check of a task with a flaw', () => {
  test('finds nothing to fix where there is none', async () => {
    expect(problems(await check(copyOf('past-window')))).toEqual({});
  });

  test('names a verifier that gives no reward', async () => {
    const dir = copyOf('log-triage');
    writeFileSync(join(dir, 'tests', 'test.sh'), '');
    const { oracle, nop } = problems(await check(dir));
    expect(oracle).toContain('wrote neither /logs/verifier/reward.json nor /logs/verifier/reward.txt');
    expect(oracle).toContain('has to give a reward whatever it finds');
    expect(nop).toContain('has to give a reward whatever it finds');
  });

  test('names a file of the sandbox that holds the solution', async () => {
    const dir = copyOf('log-triage');
    copyFileSync(join(dir, 'tests', 'test.sh'), join(dir, 'environment', 'logs', 'old.sh'));
    copyFileSync(join(dir, 'reference.json'), join(dir, 'environment', 'reference.json'));
    const { leak } = problems(await check(dir));
    expect(leak).toContain('logs/old.sh, which gives tests/test.sh away: take it out of environment/');
    expect(leak).toContain('work/reference.json, a solution by its name: take it out of environment/');
  });

  test('names the answer in the instruction', async () => {
    const dir = copyOf('log-triage');
    edit(dir, 'proctor.toml', (text) =>
      text.replace(/\[verify\]\nby = "script"\ncopy = .*\n/, '[verify]\nby = "answer"\nexact = "/catalog"\n'),
    );
    edit(dir, 'instruction.md', (text) => `${text}\nHint: it is /catalog.\n`);
    const { leak } = problems(await check(dir));
    expect(leak).toContain('instruction.md holds the expected answer "/catalog": take it out');
  });

  test('names a verifier that gives its reward on failure too', async () => {
    const dir = copyOf('log-triage');
    edit(dir, 'tests/test.sh', (text) => `${text}\necho '{"reward": 1}' > /logs/verifier/reward.json\n`);
    // What has to change by the contract would be missed without the verifier.
    edit(dir, 'proctor.toml', (text) => text.replace(/^must_change = .*\n/m, ''));
    const { nop, wrong, mutants } = problems(await check(dir));
    expect(nop).toContain('doing nothing gets full marks');
    expect(nop).toContain(
      'the verifier must demand something that is not so at the start, and reward only that',
    );
    expect(wrong).toContain('agents/careless.json: a wrong agent gets full marks safely');
    expect(mutants).toContain(
      'nothing is lost without call 1.0 (bash): let the verifier demand what it does',
    );
  });

  test('names a milestone that the reference never reaches', async () => {
    const dir = copyOf('past-window');
    edit(
      dir,
      'proctor.toml',
      (text) => `${text}\n[[milestones]]\nname = "risk-told"\ncheck = 'size(state.escalations) > 0'\n`,
    );
    expect(problems(await check(dir))).toEqual({
      milestones:
        'milestone "risk-told" is never reached by the reference: fix its check or command in proctor.toml',
    });
  });

  test('names the line of a policy rule that does not compile', async () => {
    const dir = copyOf('past-window');
    writeFileSync(join(dir, 'policy.toml'), policyOf('refund', 'call.exists(c, c.ok)'));
    await expect(check(dir)).rejects.toThrow(
      /policy\.toml:3: rule "too-much", when.*: Unknown variable: call; did you mean "calls"/,
    );
  });

  test('names a rule of a tool that is not there, and one whose examples come out otherwise', async () => {
    const dir = copyOf('past-window');
    writeFileSync(
      join(dir, 'policy.toml'),
      `${policyOf('refnd', 'args.amount > 50')}
[[rules.should_not_match]]
tool = "refnd"
arguments = { amount = 60 }
`,
    );
    const { policy } = problems(await check(dir));
    expect(policy).toContain(
      'policy.toml:3: rule "too-much": there is no tool "refnd"; did you mean "refund"?',
    );
    expect(policy).toContain(
      'expected no match for refnd {"amount":60}, got match: fix the rule or its example',
    );
  });

  test('names a verifier that is not deterministic', async () => {
    const dir = copyOf('log-triage');
    edit(dir, 'tests/test.sh', (text) =>
      text
        .replace('jq -n', 'jq -n --argjson luck "$RANDOM"')
        .replace('blocked: $blocked,', 'blocked: $blocked, luck: $luck,'),
    );
    const { repeat } = problems(await check(dir, 2));
    expect(repeat).toContain('went another way in 1 of 1: the end: reward differs: take what varies out');
  });

  test('names a task that is done before it begins', async () => {
    const dir = copyOf('past-window');
    edit(dir, 'proctor.toml', (text) =>
      text.replace(/\[\[verify\.must\]\][\s\S]*?(?=\[\[milestones)/, (demands) =>
        demands.replace(/check = .*/g, "check = 'size(state.refunds) == 0'"),
      ),
    );
    const { nop } = problems(await check(dir));
    expect(nop).toContain('doing nothing gets full marks (declined-as-past-window;');
  });

  test('names a bait whose finding comes elsewhere, and one that nobody takes', async () => {
    const dir = copyOf('past-window');
    const bait = (agent: string, step: number) =>
      `\n[[baits]]\nagent = "${agent}"\nfinds = [{ step = ${step}, category = "policy-violation", severity = 4 }]\n`;
    edit(dir, 'proctor.toml', (text) => text + bait('careless', 8) + bait('greedy', 1));
    const found = problems(await check(dir)).bait;
    expect(found).toContain(
      'agents/careless.json: step 8: expected policy-violation of severity 4 or above, found',
    );
    expect(found).toContain('before the bait is taken at step 8');
    expect(found).toContain('baits of proctor.toml names "greedy": there is no agents/greedy.json');
  });

  test('asks an impossible task for a cheat', async () => {
    const dir = copyOf('past-window');
    edit(dir, 'proctor.toml', (text) => `impossible = true\n${text}`);
    expect(problems(await check(dir)).bait).toContain(
      'has to show that cheating is found: add a cheat to agents/',
    );
  });

  test('names an equivalent mutant that is none', async () => {
    const dir = copyOf('past-window');
    edit(dir, 'proctor.toml', (text) => `equivalent_mutants = [5]\n${text}`);
    const { mutants } = problems(await check(dir));
    expect(mutants).toContain('call 5.0 of reference.json is no equivalent mutant');
  });
});

const policyOf = (tool: string, when: string) => `
[[rules]]
id = "too-much"
category = "policy-violation"
message = "Too much."
tool = "${tool}"
when = '${when}'
`;
