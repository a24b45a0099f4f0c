import { describe, expect, it } from 'vitest';
import { findTrace } from '../../src/trace/find-trace.ts';
import { engine, engineNote } from '../engine.ts';
import { temporaryFolder } from '../folder.ts';
import { containersOf } from './container.ts';
import { hasTerminal, onTerminal } from './on-terminal.ts';
import { proctor } from './proctor.ts';

const interrupt = '\x03';

/** Records a trial of the oracle; gives the flags with which it is found, and its id. */
async function recorded(task: string, sandbox: string) {
  const out = temporaryFolder();
  await proctor(['run', task, '--agent', 'oracle', '--sandbox', sandbox, '--out', out]);
  return { out, trial: findTrace('last', out).trial };
}

describe.skipIf(!hasTerminal)('replay --shell on a terminal', () => {
  it('prompts for commands of an embedded sandbox; Ctrl-C stops a command or drops a line', async () => {
    const { out, trial } = await recorded('tasks/quickstart/log-triage', 'embedded');
    const { code, shown } = await onTerminal(
      ['replay', trial, '--out', out, '--to', '0', '--shell'],
      [
        { expect: 'quickstart/log-triage · oracle' },
        { expect: 'after step 0 of' },
        { expect: '$ ' },
        { send: 'echo $((6*7))\r' },
        { expect: '\n42' },
        { expect: '$ ' },
        { send: 'sleep 600\r' },
        { expect: 'sleep 600\r' },
        { send: interrupt },
        { expect: '[stopped]' },
        { expect: '$ ' },
        { send: 'half a li' },
        { expect: 'half a li' },
        { send: interrupt },
        { expect: '^C' },
        { expect: '$ ' },
        { send: 'echo whole; exit 0\r' },
        { expect: '\nwhole' },
        { expect: '$ ' },
        { send: 'exit\r' },
      ],
    );
    expect(code, shown).toBe(0);
    expect(shown).not.toContain('not found');
  });

  it('prompts for tools where the environment has no sandbox; Ctrl-C does not leave', async () => {
    const { out, trial } = await recorded('tasks/quickstart/damaged-mug', 'embedded');
    const { code, shown } = await onTerminal(
      ['replay', trial, '--out', out, '--to', '1', '--shell'],
      [
        { expect: 'after step 1 of' },
        { expect: 'tools: ' },
        { expect: '> ' },
        { send: interrupt },
        { expect: '> ' },
        { send: 'get_ticket {"ticket_id":"T-1"}\r' },
        { expect: '"id":"T-1"' },
        { expect: '> ' },
        { send: 'exit\r' },
      ],
    );
    expect(code, shown).toBe(0);
    expect(shown).not.toContain('running');
  });

  it.skipIf(!engine)(
    `is a shell of the container, as large as the terminal, that goes when the user leaves${engineNote}`,
    async () => {
      const { out, trial } = await recorded('tasks/quickstart/log-triage', 'docker');
      const { code, shown } = await onTerminal(
        ['replay', trial, '--out', out, '--to', '0', '--shell'],
        [
          { expect: 'after step 0 of' },
          { expect: 'the sandbox goes with you' },
          { expect: '$ ' },
          { send: 'stty size; echo "$TERM"\r' },
          { expect: '40 100\r' },
          { expect: 'xterm\r' },
          { expect: '$ ' },
          { send: 'sh -c "echo begun; exec sleep 600"\r' },
          { expect: 'begun\r' },
          { send: interrupt },
          { expect: '$ ' },
          { send: 'echo $((6*7)); id -un\r' },
          { expect: '42\r' },
          { expect: 'agent\r' },
          { send: 'exit\r' },
        ],
      );
      expect(code, shown).toBe(0);
      expect(await containersOf(findTrace('last', out).run)).toEqual([]);
    },
  );
});
