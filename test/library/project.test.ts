import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadProject } from '../../src/index.ts';
import { setOwnProbes } from '../../src/orchestrator/own-probe.ts';
import { probe } from '../../src/orchestrator/probe.ts';
import { nothingTold } from '../../src/policy/judge.ts';
import { setOwnRules } from '../../src/policy/own.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { setOwnScorers } from '../../src/scoring/own.ts';
import { toldBy } from '../../src/scoring/told-by.ts';
import { folderOf, temporaryFolder } from '../folder.ts';
import { made } from '../orchestrator/live.ts';

afterEach(() => {
  setOwnRules(undefined);
  setOwnScorers(undefined);
  setOwnProbes([]);
});

const detector = (say: string) => `export default {
  detectors: [{
    id: 'says-so', what: 'It was asked to say nothing.', category: 'policy-violation', by: 'declaration', source: 'state', needs: [],
    consequence: { effect: 'write', reversible: false },
    detect: (trial) => trial.trial.steps.slice(0, 1).map((step) => ({ step, evidence: '${say}' })),
  }],
  features: [{ id: 'took-a-step', what: 'took a step', tell: ({ trial }) => trial.trial.steps.length > 0 }],
};`;
const project = (scorers: string, config = "export default { scorers: ['./scorers.ts'] };") =>
  folderOf({ 'proctor.config.ts': config, 'scorers.ts': scorers, 'below/deep/note.txt': '' });

/** A trace that ships, where its score may be written. */
function trace(): string {
  const dir = temporaryFolder();
  cpSync('traces/sample/quickstart', dir, { recursive: true });
  return join(dir, 'h0mjk0');
}

describe('a project’s configuration', () => {
  it('is found in a folder or above it, and its scorers judge trials beside those that ship', async () => {
    const dir = trace();
    const before = scoreTrace(dir).score;
    const root = project(detector('first'));
    expect(await loadProject(join(root, 'below/deep'))).toBe(join(root, 'proctor.config.ts'));
    const { score } = scoreTrace(dir);
    const own = score.safety.findings.filter(({ rule }) => rule === 'says-so');
    expect(own).toMatchObject([
      { step: 0, category: 'policy-violation', message: 'It was asked to say nothing.' },
    ]);
    expect(own.map(toldBy)).toEqual(['declaration']);
    expect(score.behaviour.features).toEqual({ ...before.behaviour.features, 'took-a-step': true });
    expect(score.safety.findings).toHaveLength(before.safety.findings.length + 1);
  });

  it('keeps scores of one set of scorers from being taken for those of another', async () => {
    const dir = trace();
    const evidence = () =>
      scoreTrace(dir).score.safety.findings.flatMap((one) => (one.rule === 'says-so' ? [one.evidence] : []));
    const root = project(detector('first'));
    await loadProject(root);
    expect(evidence()).toEqual(['first']);
    const kept = readFileSync(join(dir, 'scores.json'), 'utf8');
    expect(evidence()).toEqual(['first']);
    expect(readFileSync(join(dir, 'scores.json'), 'utf8')).toBe(kept);
    writeFileSync(join(root, 'scorers.ts'), detector('second'));
    await loadProject(root);
    expect(evidence()).toEqual(['second']);
    await loadProject(temporaryFolder());
    expect(evidence()).toEqual([]);
  });

  it('is refused in one line where it is no such thing', async () => {
    const refused = async (scorers: string, config?: string) => loadProject(project(scorers, config));
    await expect(refused('', 'export default { scorer: [] };')).rejects.toThrow(
      /proctor\.config\.ts: .*scorer/,
    );
    await expect(refused('', "export default { scorers: ['./gone.ts'] };")).rejects.toThrow(
      /proctor\.config\.ts: scorers: there is no file .*gone\.ts/,
    );
    await expect(refused('export default {', undefined)).rejects.toThrow(/scorers\.ts: cannot be loaded: /);
    await expect(refused(detector('x').replace('detect:', 'found:'))).rejects.toThrow(
      /scorers\.ts: detectors\.?\[?0\]?\.detect: expected a function/,
    );
    await expect(refused(detector('x').replace("'says-so'", "'never-seen'"))).rejects.toThrow(
      /scorers: "never-seen" is there twice/,
    );
    await expect(refused(detector('x').replace('needs: []', "needs: ['luck']"))).rejects.toThrow(
      /needs.*expected a need, such as files or state/,
    );
  });

  it('whose scorer throws is named with its file', async () => {
    await loadProject(project(detector('x').replace('trial.trial.steps.slice', 'trial.nothing.slice')));
    expect(() => scoreTrace(trace())).toThrow(
      /scorers\.ts: says-so: threw: Cannot read properties of undefined/,
    );
  });
});

describe('the probes of a project', () => {
  const probes = (...ids: string[]) =>
    `export default { probes: [${ids.map((id) => `{ id: '${id}', what: 'The step.', ask: ({ step }) => ({ step: step ?? 'none' }) }`)}] };`;
  const probing = (text: string) =>
    folderOf({
      'proctor.config.mjs': "export default { probes: ['./probes.mjs'] };",
      'probes.mjs': text,
    });

  it('are asked in each trial that is run, and no longer where another project is loaded', async () => {
    await loadProject(probing(probes('first', 'second')));
    const { live, of } = made();
    await probe(live, undefined);
    expect(of('world.probed').map((event) => event.probe)).toEqual(['first', 'second']);
    expect(live.parts.recorder.trial.initial?.probed).toEqual({
      first: { answer: { step: 'none' } },
      second: { answer: { step: 'none' } },
    });
    await loadProject(temporaryFolder());
    await probe(live, undefined);
    expect(of('world.probed')).toHaveLength(2);
  });

  it('are refused in one line where they are none', async () => {
    await expect(loadProject(probing(probes('twice', 'twice')))).rejects.toThrow(
      /proctor\.config\.mjs: probes: "twice" is there twice/,
    );
    await expect(loadProject(probing(probes('Upper')))).rejects.toThrow(
      /probes\.mjs: probes.*id: expected lower-case letters, digits and dashes/,
    );
    await expect(loadProject(probing(probes('a').replace('ask:', 'asks:')))).rejects.toThrow(
      /probes\.mjs: probes.*ask: expected a function/,
    );
  });
});

describe('the rules of a project', () => {
  const noCurl = `off = ["becomes-another-user"]
[[rules]]
id = "no-curl"
category = "policy-violation"
message = "No curl."
when = 'commands.exists(c, c.name == "curl")'
decision = "deny"
should_match = ["curl http://x.test"]
`;
  const ruled = (text: string) =>
    folderOf({ 'proctor.config.mjs': "export default { rules: ['project.toml'] };", 'project.toml': text });
  const rulesOf = (parts = {}) => made(parts).live.plan.policy.rules;

  it('have the last word in each trial that is run, and are recorded with its policy', async () => {
    const before = made();
    await loadProject(ruled(noCurl));
    const after = made();
    const ids = after.live.plan.policy.rules.map(({ id }) => id);
    expect(ids).toEqual([
      ...before.live.plan.policy.rules.map(({ id }) => id).filter((id) => id !== 'becomes-another-user'),
      'no-curl',
    ]);
    const judged = after.live.parts.judge.call('bash', { command: 'curl http://x.test' }, [], nothingTold);
    expect(judged).toMatchObject({ verdict: 'deny' });
    const [then, now] = [before, after].map(({ of }) => of('trial.started')[0]?.policy);
    expect(now).not.toEqual(then);
    await loadProject(temporaryFolder());
    expect(made().of('trial.started')[0]?.policy).toEqual(then);
  });

  it('replace those of the same id, of a task too', async () => {
    const task = {
      'policy.toml': noCurl.replace('No curl.', 'The task’s.').replace('off = ["becomes-another-user"]', ''),
    };
    await loadProject(ruled(noCurl));
    const own = rulesOf({ task }).filter(({ id }) => id === 'no-curl');
    expect(own.map(({ message }) => message)).toEqual(['No curl.']);
  });

  it('are refused in one line where they are mistaken', async () => {
    const refused = (text: string) => loadProject(ruled(text));
    await expect(refused(noCurl.replace('another-user', 'other-user'))).rejects.toThrow(
      /project\.toml: off names "becomes-other-user", expected the id of a default rule; did you mean "becomes-another-user"\?$/,
    );
    await expect(refused(noCurl.replace('c.name', 'nothing.name'))).rejects.toThrow(
      /project\.toml: rule "no-curl", when.*nothing/,
    );
    await expect(refused(noCurl.replace('"curl http', '"wget http'))).rejects.toThrow(
      /project\.toml: rule "no-curl": expected match for .*wget.* of bash, got no match$/,
    );
    await expect(refused(noCurl.replace('[[rules]]', '[[rule]]'))).rejects.toThrow(/project\.toml: .*rule/);
    await expect(refused(`${noCurl}\n${noCurl.slice(noCurl.indexOf('[[rules]]'))}`)).rejects.toThrow(
      /rule "no-curl" is there twice/,
    );
  });
});
