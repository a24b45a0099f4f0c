import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { markdownReport } from '../../src/report/markdown.ts';
import { renderRun } from '../../src/report/render-run.ts';
import { runDocument } from '../../src/report/run-document.ts';
import { plain, type Style, styleFor } from '../../src/report/style.ts';
import { type MadeTrial, passed } from '../scoring/trace-builder.ts';
import { broken, careful, careless, madeReport } from './made-report.ts';

const skipped = [{ task: 'suite/kernel', reason: 'needs Docker' }];
const report = madeReport([careful, careless, broken], skipped);
const page = renderRun(report, plain);

/** Cells of the first line that begins with these. */
function cells(text: string, ...first: string[]): string[] {
  const lines = text.split('\n').map((line) => line.split(/\s{2,}/));
  return lines.find((line) => first.every((cell, index) => line[index] === cell)) ?? [];
}

describe('the page of a run', () => {
  it('has a line per task and agent with outcome, completion, progress, steps, finding, tokens, cost and time', () => {
    expect(cells(page, 'suite/task', 'scripted:careful')).toEqual([
      'suite/task',
      'scripted:careful',
      'submitted',
      '1.00',
      '1.00',
      '1 (1)',
      'none in 3 of 15 kinds',
      '0',
      '$0.00',
      '5.0 s',
    ]);
    expect(cells(page, 'suite/task', 'scripted:careless')).toEqual(
      expect.arrayContaining(['0.00', '3 (1)', '3 destructive-operation']),
    );
  });

  it('says how to compare agents that are too many to compare here', () => {
    const many = madeReport(Array.from({ length: 7 }, (_, at) => ({ ...careful, agent: `scripted:a${at}` })));
    expect(renderRun(many, plain).replaceAll('\n', ' ')).toContain(
      '7 agents are too many to compare each two here: proctor compare r1:scripted:a0 r1:scripted:a1',
    );
  });

  it('compares the agents below', () => {
    expect(cells(page, 'scripted:careful')).toEqual(
      expect.arrayContaining(['scripted:careful', '1 of 1', '1.00', '0 of 1 (≤ 0.95)']),
    );
    expect(cells(page, 'scripted:careless')).toEqual(expect.arrayContaining(['1 of 2', '0.00', '3']));
  });

  it('shows beside each score how much better published tasks went than held-out instances of them', () => {
    const report = madeReport([careful, careless]);
    expect(renderRun(report, plain)).not.toContain('held out');
    const gap = { published: 0.8, heldOut: 0.5, gap: 0.3, p: 0.01, tasks: 14, units: 14 };
    const gaps = [
      {
        agent: 'scripted:careful',
        ...gap,
        interval: { low: 0.1, high: 0.5, method: 'paired-t' },
        trials: { published: 14, heldOut: 28 },
      },
    ];
    const said = renderRun({ ...report, gaps }, plain);
    expect(said).toMatch(/published − held out/);
    expect(said).toMatch(/scripted:careful .*\+30\.0 \[\+10\.0, \+50\.0\], 14 tasks/);
    const markdown = markdownReport({ ...report, gaps });
    expect(markdown).toContain('| 1.00 | +30.0 [+10.0, +50.0], 14 tasks |');
    expect(runDocument({ ...report, gaps })).toMatchObject({ gaps });
  });

  it('counts unsafe trials by kind over those that were judged for it, and names the kinds of which none was', () => {
    expect(page).toContain(
      'unsafe trials by kind, of those judged for it; findings: 1 by wording\n  1 of 2: destructive-operation\n',
    );
    expect(page).toContain('\n  not judged: false-report, harmful-compliance (no judge was asked)\n');
  });

  it('calls trials that did what nobody watched neither safe nor unsafe', () => {
    const blind: MadeTrial = {
      undeclared: ['transfer', 'wire'],
      steps: [{ calls: [{ tool: 'transfer' }] }],
      verified: passed,
    };
    const text = renderRun(madeReport([blind]), plain);
    expect(cells(text, 'suite/task', 'scripted:a')).toContain('not judged');
    expect(cells(text, 'scripted:a')).toEqual(expect.arrayContaining(['not judged', '–']));
    expect(text).toContain('(nobody declared what transfer does (its name says spend))');
    expect(text).not.toMatch(/\b0 of 1|none/);
    const { steps: _, ...idle } = blind;
    const mixed = renderRun(madeReport([blind, idle, { ...idle, attempt: 2 }]), plain);
    expect(cells(mixed, 'scripted:a').join(' ')).toContain('0 of 2 (≤ 0.78), 1 not judged');
    expect(cells(mixed, 'suite/task', 'scripted:a')).toContain('none, 1 of 3 not judged');
  });

  it('gives no figure for what could not be scored', () => {
    expect(cells(page, 'suite/other')).toEqual(expect.arrayContaining(['infrastructure-error', '–']));
  });

  it('lists infrastructure errors and skipped tasks apart, with their reasons', () => {
    expect(page).toContain('1 infrastructure error, in no figure above');
    expect(page).toContain('engine-unreachable: the engine went away');
    expect(page).toContain('1 task skipped\n  suite/kernel: needs Docker');
  });

  it('gives intervals and pass rates over several attempts', () => {
    const many = renderRun(
      madeReport([careful, { ...careful, attempt: 2 }, { ...careful, attempt: 3 }]),
      plain,
    );
    expect(cells(many, 'suite/task')).toEqual(expect.arrayContaining(['3 submitted', '1.00 [0.44, 1.00]']));
    expect(many).toContain('pass@3');
    expect(page).not.toContain('pass@');
  });

  it('names each trial by its id where a task was tried more than once', () => {
    const many = renderRun(
      madeReport([careful, { ...careless, agent: 'scripted:careful', attempt: 2 }]),
      plain,
    );
    expect(cells(many, 't1', 'suite/task', 'scripted:careful', '1')).toEqual(
      expect.arrayContaining(['submitted', '1.00']),
    );
    expect(cells(many, 't2', 'suite/task', 'scripted:careful', '2').slice(-2)).toEqual([
      '0.00',
      'box kept: no box 7',
    ]);
  });

  it('says why a trial is not completed, in the verifier’s words', () => {
    expect(cells(page, 't1', 'suite/task')).toEqual([
      't1',
      'suite/task',
      'scripted:careless',
      '0.00',
      'box kept: no box 7',
    ]);
    expect(renderRun(madeReport([careful]), plain)).not.toContain('why not completed');
  });

  it('tells the attacker’s success from the user’s, and refusals of the impossible from cheating', () => {
    const injections = [{ name: 'note', markers: ['evil@x.example'], tools: [] }];
    const traps = renderRun(madeReport([{ ...careful, injections, impossible: true }]), plain);
    expect(traps).toMatch(/under attack +shown it +utility +attack success/);
    expect(traps).toMatch(/impossible tasks +said so +cheated/);
    expect(cells(traps, 'scripted:careful', '1', '0')).toEqual([
      'scripted:careful',
      '1',
      '0',
      '1.00',
      '0 of 1 (≤ 0.95)',
    ]);
    expect(page).not.toContain('under attack');
  });

  it('says so where nothing was run', () => {
    expect(renderRun(madeReport([]), plain)).toBe('No trial was run.\n');
  });
});

describe('the width of a page', () => {
  const narrow: Style = { ...plain, width: 80 };

  it.each([60, 80, 100, 120])('is kept to at %i columns', (width) => {
    const lines = renderRun(madeReport([careful, careless]), { ...plain, width }).split('\n');
    const tables = lines.filter((line) => !line.startsWith('left out'));
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it('leaves out what matters least, and says what', () => {
    const text = renderRun(report, narrow);
    expect(text).toMatch(/left out, too narrow: .*tokens/);
    expect(cells(text, 'task')).toEqual(expect.arrayContaining(['completion', 'worst finding']));
    expect(cells(text, 'task')).not.toContain('tokens');
  });
});

describe('the style of a stream', () => {
  it('has colours on a terminal only', () => {
    const terminal = styleFor({ isTTY: true, columns: 200 }, {});
    const colored = renderRun(report, terminal);
    expect(colored).not.toBe(stripVTControlCharacters(colored));
    expect(stripVTControlCharacters(colored)).toBe(renderRun(report, { ...plain, width: 200 }));
    expect(styleFor({}, {})).toEqual(plain);
  });

  it('has none where NO_COLOR is set, but keeps to the width', () => {
    const style = styleFor({ isTTY: true, columns: 90 }, { NO_COLOR: '1' });
    expect(style.width).toBe(90);
    expect(style.colors.red('x')).toBe('x');
  });
});
