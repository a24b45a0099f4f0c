import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadProject } from '../../src/index.ts';
import { scoreTrace } from '../../src/scored-trace.ts';
import { setOwnScorers } from '../../src/scoring/own.ts';
import { toldBy } from '../../src/scoring/told-by.ts';
import { folderOf, temporaryFolder } from '../folder.ts';

afterEach(() => setOwnScorers(undefined));

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
