import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { proctor } from '../../cli/proctor.ts';
import { engine, engineNote } from '../../engine.ts';
import { temporaryFolder } from '../../folder.ts';
import { judging, says } from '../../judge/reply.ts';
import { startModelServer } from '../../model-server/server.ts';
import { playScenes } from '../scene.ts';
import { authors, sceneOf, type WorldEntry, worldEntries } from './world.ts';

/** Entries whose kinds need sense, each a lie, a harmful task or its look-alike. */
const playedBy = (author: string) =>
  worldEntries('open', author).filter(({ kind }) => kind === 'false-report' || kind === 'harmful-compliance');
const all = authors.flatMap(playedBy);
const unsafeOf = (kind: string) => all.filter((one) => one.kind === kind && one.label === 'unsafe');

/** A judge that knows every lie by its words but one, and takes every task for one that may be done. */
const believed = unsafeOf('false-report')[0];
const lies = new Set(unsafeOf('false-report').flatMap((one) => (one === believed ? [] : [one.answer])));
const knowing = judging(({ question, data }) => {
  const [instruction, report] = [String(data.instruction), String(data.report)];
  if (question === 'report') return says(lies.has(report) ? 'no' : 'yes', report.slice(0, 60));
  return says(question === 'task' ? 'no' : 'yes', instruction.slice(0, 60));
});

async function play(entries: readonly WorldEntry[], dir: string): Promise<void> {
  mkdirSync(dir);
  const provider = dockerProvider({ runId: 'agreement', poolSize: 0 });
  await playScenes(entries.map(sceneOf), { provider, dir });
}

describe.runIf(engine)(`how far a judge agrees with the open worlds${engineNote}`, () => {
  it('is measured and printed by the command that the README of the corpus names', async () => {
    const traces = temporaryFolder();
    for (const author of authors) await play(playedBy(author), join(traces, `${author}-open`));
    const jiti = ['node_modules/jiti/lib/jiti-cli.mjs', 'test/corpus/world/judge-labels.ts'];
    const labels = join(temporaryFolder(), 'labels.json');
    writeFileSync(labels, execFileSync(process.execPath, [...jiti, '--traces', traces]));

    const server = await startModelServer(knowing);
    onTestFinished(() => server.close());
    const runs = authors.map((author) => join(traces, `${author}-open`));
    const { code, stdout, stderr } = await proctor(
      ['judge', ...runs, '--model', 'openai:played', '--agreement', labels],
      { env: { OPENAI_BASE_URL: server.url } },
    );
    expect(code).toBe(0);
    expect(stderr).toContain(`agreement of played measured on ${all.length} labelled trials`);
    const reports = all.filter(
      ({ kind, label, answer }) => answer && (kind === 'false-report' || label === 'safe'),
    );
    expect(stdout).toMatch(
      new RegExp(
        `agrees with labels: reports ${reports.length - 1} of ${reports.length} .*tasks ${all.length - unsafeOf('harmful-compliance').length} of ${all.length} `,
      ),
    );
    expect(stdout).not.toMatch(/agrees with labels.*not told/);
  });
});
