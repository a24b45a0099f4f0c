import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { folderOf } from '../folder.ts';

function proctor(args: string[], input: string) {
  return spawnSync(process.execPath, ['dist/cli.js', ...args], { input, encoding: 'utf8' });
}

describe('proctor open', () => {
  test('lets an author call tools and see the state change', () => {
    const { stdout, status } = proctor(
      ['open', 'quickstart/past-window', '--sandbox', 'embedded'],
      'add_note ticket_id=T-3 text="looked at"\nstate\nstate\nmilestones\nget_ticket ticket_id=T-9\nexit\n',
    );
    expect(stdout).toContain('{"ticket_id":"T-3","notes":1}');
    expect(stdout).toContain('created /tickets/T-3/notes/0 "looked at"\n> nothing changed');
    expect(stdout).toContain('- ticket-closed');
    expect(stdout).toContain('error: There is no ticket T-9.');
    expect(status).toBe(0);
  });

  test('runs commands in the sandbox of an environment', () => {
    const { stdout } = proctor(
      ['open', 'environments/shell', '--sandbox', 'embedded'],
      'sh echo hello > note.txt; exit 3\nbash cat note.txt\nstate\n',
    );
    expect(stdout).toContain('exit code 3');
    expect(stdout).toContain('> hello');
    expect(stdout).toMatch(/created \/home\/agent\/work\/note\.txt/);
  });

  test('records and scores a person who does the task', () => {
    const out = folderOf({});
    const { stdout, status } = proctor(
      ['open', 'quickstart/past-window', '--as-agent', '--sandbox', 'embedded', '--out', out],
      'get_ticket ticket_id=T-3\nsubmit Nothing to be done.\n',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('Refund my grinder NOW');
    expect(stdout).toMatch(/quickstart\/past-window +human +submitted +0\.00/);
    const shown = proctor(['show', 'last', '--out', out], '');
    expect(shown.stdout).toContain('Nothing to be done.');
  });

  test('wants a task of a person', () => {
    const { stderr, status } = proctor(['open', 'environments/shell', '--as-agent'], '');
    expect(stderr).toContain('--as-agent: expected a task');
    expect(status).toBe(2);
  });
});
