import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proctor } from '../cli/proctor.ts';
import { temporaryFolder } from '../folder.ts';
import { partNames, partsIn, withGenerated } from './generated.ts';

/** READMEs of the project; those inside of tasks are material. */
const readmes = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*README.md'],
  {
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((path) => path !== '' && !/^tasks\/.+\/.+\//.test(path));
const textOf = (path: string) => readFileSync(path, 'utf8');

describe('the READMEs', () => {
  it.each(readmes)('hold what the code says now (UPDATE_README=1 writes it): %s', (path) => {
    const readme = textOf(path);
    const made = withGenerated(readme);
    if (process.env.UPDATE_README === '1') writeFileSync(path, made);
    expect(process.env.UPDATE_README === '1' ? made : readme).toBe(made);
  });

  it('hold every generated part once', () => {
    expect(readmes.flatMap((path) => partsIn(textOf(path))).sort()).toEqual(partNames().sort());
  });

  it.each(readmes)('lead only to files and headings that are there: %s', (path) => {
    const broken = linksOf(textOf(path)).filter((link) => !leadsSomewhere(path, link));
    expect(broken).toEqual([]);
  });

  it.each(readmes)('name no npm script that package.json lacks: %s', (path) => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const named = [...textOf(path).matchAll(/\bnpm (?:run )?(start|test|bench|lint|build|test:[a-z]+)\b/g)];
    expect(named.map(([, name]) => name ?? '').filter((name) => !(name in scripts))).toEqual([]);
  });

  it('let a newcomer start with one of about 15 KB', () => {
    expect(Buffer.byteLength(textOf('README.md'))).toBeLessThan(17_000);
  });
});

const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, '');

const linksOf = (text: string) =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^https?:/.test(link));

function leadsSomewhere(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (!existsSync(path)) return false;
  if (anchor === undefined) return true;
  const target = path.endsWith('.md') ? path : join(path, 'README.md');
  return anchorsOf(textOf(target)).includes(anchor);
}

/** Anchors as code hosts make them of headings. */
const anchorsOf = (text: string) =>
  [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

it('the sizes that are given of HTML reports are those of the sample', async () => {
  const told = [...textOf('traces/README.md').matchAll(/(\d\.\d) MB/g)].slice(0, 3).map(([, size]) => size);
  const file = join(temporaryFolder(), 'report.html');
  const sizes: string[] = [];
  for (const bodies of ['none', 'findings', 'all']) {
    const args = ['report', 'traces/sample/quickstart', '--format', 'html', '--bodies', bodies, '-o', file];
    expect((await proctor(args)).code).toBe(0);
    sizes.push((statSync(file).size / 1e6).toFixed(1));
  }
  expect(sizes).toEqual(told);
});
