import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { notLookedAt } from '../../src/check/audit/audit-line.ts';
import { suiteAudit } from '../../src/check/audit/audit-suite.ts';
import { suiteCard } from '../../src/check/audit/card.ts';
import { htmlPage } from '../../src/report/html-page.ts';

const hostile = '<img src=x onerror=alert(1)> [a](javascript:alert(1)) | `b` *c*';
const audit = suiteAudit(
  hostile,
  [
    {
      ...{ task: hostile, digest: 'd'.repeat(64), environmentDigest: 'e'.repeat(64) },
      lines: [
        { name: 'nop', status: 'flaw', evidence: [hostile] },
        notLookedAt('history', 'it holds no git repository'),
      ],
    },
  ],
  undefined,
);
const page = htmlPage(suiteCard({ ...audit, sandbox: 'embedded' }, { changed: 0, foreign: 0 }), hostile);

describe('a page in HTML', () => {
  it('has what the Markdown has, with tables that scroll in their own place', () => {
    expect(page).toContain('<h2>Audit</h2>');
    expect(page).toContain('<td class="bad"><strong>flaw</strong></td>');
    expect(page).toContain('it holds no git repository');
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<div class="wide"/g)?.length);
  });

  it('takes no text of a suite for markup', () => {
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/href="javascript/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).toContain('*c*');
  });

  it('loads nothing, runs nothing, and has its own style alone', () => {
    expect(page).not.toMatch(/<script|src="|url\(/);
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`style-src 'sha256-${hash}'`);
    expect(page).toContain("default-src 'none'");
  });
});
