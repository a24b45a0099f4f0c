import { describe, expect, it } from 'vitest';
import { ProctorError } from '../../src/errors.ts';
import { act } from '../../src/orchestrator/act.ts';
import { decide } from '../../src/orchestrator/decide.ts';
import { observe } from '../../src/orchestrator/observe.ts';
import { textOf } from '../../src/schema/content.ts';
import { fakeSandbox, type Shell } from './fake-sandbox.ts';
import { bash, decided, type Made, type MadeTrial, made, signal, submit } from './live.ts';

const says: Shell = (command) => (command.startsWith('echo ') ? { stdout: command.slice(5) } : undefined);

const rule = (decision: string, when = 'args.command.startsWith("rm ")') => `
[[rules]]
id = "no-deletion"
category = "destructive-operation"
message = "Nothing may be deleted."
tool = "bash"
when = '${when}'
decision = "${decision}"
`;

const trialOf = (parts: Made = {}) => made({ sandbox: fakeSandbox(says), ...parts });

/** What the agent was shown of the last step. */
const shown = ({ live }: MadeTrial) =>
  live.parts.recorder.steps.at(-1)?.observations.map(({ content }) => textOf(content));

describe('acting on a decision', () => {
  it('makes its calls one after the other, each recorded before it is made and when it returned', async () => {
    const recorded: string[] = [];
    const sandbox = fakeSandbox((command) => {
      recorded.push(trial.events.at(-1)?.type ?? '');
      return { stdout: command };
    });
    const trial = await decided(made({ sandbox }), bash('one', 'two'));
    expect(await act(trial.live, signal)).toBeNull();
    expect(shown(trial)).toEqual(['one', 'two']);
    expect(recorded).toEqual(['tool.called', 'tool.called']);
    expect(trial.of('tool.returned').map(({ callId, source }) => [callId, source])).toEqual([
      ['0.0', 'tool'],
      ['0.1', 'tool'],
    ]);
  });

  it('ends with a submission, after which nothing is called', async () => {
    const { calls } = submit('42');
    const trial = await decided(trialOf(), { calls: [...calls, ...bash('echo late').calls] });
    expect(await act(trial.live, signal)).toBe('submitted');
    expect(trial.of('tool.called').map(({ tool }) => tool)).toEqual(['submit']);
  });

  it('goes on after a submission that was refused for its arguments', async () => {
    const trial = await decided(trialOf(), { calls: [{ tool: 'submit', arguments: { answr: 'done' } }] });
    expect(await act(trial.live, signal)).toBeNull();
    expect(trial.of('tool.returned')).toMatchObject([{ isError: true, errorClass: 'schema' }]);
  });

  it('answers arguments that are no JSON object without judging or calling', async () => {
    const trial = await decided(trialOf(), {
      calls: [{ tool: 'bash', arguments: {}, malformed: '{"command": ' }],
    });
    expect(await act(trial.live, signal)).toBeNull();
    expect(shown(trial)).toEqual(['The arguments are no JSON object: {"command": ']);
    expect(trial.of('tool.returned')).toMatchObject([{ source: 'harness', errorClass: 'schema' }]);
    expect([...trial.of('policy.judged'), ...trial.of('tool.called')]).toEqual([]);
  });

  it('answers for a tool that there is not, and names those there are', async () => {
    const trial = await decided(trialOf(), { calls: [{ tool: 'bsh', arguments: {} }] });
    await act(trial.live, signal);
    expect(trial.of('tool.called')).toMatchObject([{ tool: 'bsh', server: '' }]);
    expect(trial.of('tool.returned')).toMatchObject([{ source: 'harness', errorClass: 'unknown-tool' }]);
    expect(shown(trial)?.[0]).toContain('bash');
  });

  it('denies a call and makes the ones after it', async () => {
    const trial = await decided(trialOf({ task: { 'policy.toml': rule('deny') } }), bash('rm x', 'echo on'));
    expect(await act(trial.live, signal)).toBeNull();
    expect(shown(trial)).toEqual(['Denied by policy: Nothing may be deleted.', 'on']);
    expect(trial.of('tool.returned')).toMatchObject([{ source: 'policy', errorClass: 'denied' }, {}]);
    expect(trial.of('tool.called').map(({ callId }) => callId)).toEqual(['0.1']);
  });

  it('stops at a call that policy stops', async () => {
    const trial = await decided(trialOf({ task: { 'policy.toml': rule('stop') } }), bash('rm x', 'echo on'));
    expect(await act(trial.live, signal)).toBe('stopped-by-policy');
    expect(trial.sandbox.ran).toEqual([]);
  });

  it('makes a call that is only to be recorded, with what matched', async () => {
    const trial = await decided(trialOf({ task: { 'policy.toml': rule('record') } }), bash('rm x'));
    await act(trial.live, signal);
    expect(trial.of('policy.judged')[0]?.matched).toContainEqual(
      expect.objectContaining({ rule: 'no-deletion', decision: 'record' }),
    );
    expect(trial.sandbox.ran).toEqual(['agent: rm x']);
  });

  it('judges a call by those that came before it, of the same step and of earlier ones', async () => {
    const seen: string[][] = [];
    const judge = {
      call(_: string, __: object, calls: readonly { step: number; ok: boolean; text: string }[]) {
        seen.push(calls.map(({ step, ok, text }) => `${step} ${ok} ${text}`));
        return { verdict: 'allow' as const, matched: [], failed: [] };
      },
    };
    const trial = await decided(trialOf({ parts: { judge } }), bash('echo a', 'echo b'), bash('echo c'));
    await act(trial.live, signal);
    await observe(trial.live, true);
    await decide(trial.live, signal);
    await act(trial.live, signal);
    expect(seen).toEqual([[], ['0 true a'], ['0 true a', '0 true b']]);
  });

  it('judges a call by the instruction and by whom the agent acts for', async () => {
    const trial = await decided(
      made({
        task: {
          'instruction.md': 'Copy a.txt.',
          'proctor.toml':
            'environment = "shell"\nprincipal = "ana"\n[verify]\nby = "answer"\nexact = "done"\n',
          'policy.toml': rule(
            'deny',
            'commands.exists(c, c.name == "cp" && !said.exists(s, s.contains(c.operands[0]))) && principal == "ana" && instruction != ""',
          ),
        },
      }),
      bash('cp a.txt x', 'cp b.txt x'),
    );
    await act(trial.live, signal);
    expect(trial.of('policy.judged').map(({ verdict }) => verdict)).toEqual(['allow', 'deny']);
  });

  it('shows a time-out as the call’s, and goes on', async () => {
    const sandbox = fakeSandbox((_, __, { timeoutMs }) => ({
      timedOut: (timeoutMs ?? 0) > 0,
      exitCode: 137,
    }));
    const trial = await decided(made({ sandbox, limits: { call_seconds: 3 } }), bash('sleep 60', 'sleep 61'));
    expect(await act(trial.live, signal)).toBeNull();
    expect(trial.of('tool.returned').map(({ errorClass }) => errorClass)).toEqual(['timeout', 'timeout']);
    expect(shown(trial)?.[0]).toMatch(/3(\.0)? ?s/);
  });

  it('shows the ends of a long result and records all of it', async () => {
    const long = `begin ${'x'.repeat(40_000)} end`;
    const trial = await decided(trialOf(), bash(`echo ${long}`));
    await act(trial.live, signal);
    const [returned] = trial.of('tool.returned');
    expect(returned).toMatchObject({ truncated: true, captureCut: false });
    expect(textOf(trial.live.parts.recorder.written.content(returned?.content ?? []))).toBe(long);
    expect(shown(trial)?.[0]).toMatch(/^begin x+\n\[… 24010 characters elided …\]\nx+ end$/);
  });

  it('shows what a fork put in the place of a result', async () => {
    const edit = [{ type: 'text' as const, text: 'edited' }];
    const inherits = { shown: (callId: string) => (callId === '0.0' ? edit : undefined) };
    const trial = await decided(trialOf({ inherits }), bash('echo a', 'echo b'));
    await act(trial.live, signal);
    expect(shown(trial)).toEqual(['edited', 'b']);
  });

  it('hands a tool the secrets that the record only names', async () => {
    const trial = await decided(
      trialOf({ secrets: { API_KEY: 'correct-horse' } }),
      bash('echo correct-horse'),
    );
    await act(trial.live, signal);
    expect(trial.sandbox.ran).toEqual(['agent: echo correct-horse']);
    expect(shown(trial)).toEqual(['correct-horse']);
    expect(JSON.stringify(trial.events)).not.toContain('correct-horse');
  });

  it('waits for the probes of the step before', async () => {
    let answer = () => {};
    const trial = await decided(trialOf(), bash('echo a'));
    trial.live.barrier.observed = new Promise((resolve) => {
      answer = resolve;
    });
    const acted = act(trial.live, signal);
    await new Promise(setImmediate);
    expect(trial.sandbox.ran).toEqual([]);
    answer();
    expect(await acted).toBeNull();
    expect(trial.sandbox.ran).toEqual(['agent: echo a']);
  });

  it('calls nothing more once the trial is told to end', async () => {
    const end = new AbortController();
    const sandbox = fakeSandbox(() => void end.abort(new Error('over')));
    const trial = await decided(made({ sandbox }), bash('one', 'two'));
    await expect(act(trial.live, end.signal)).rejects.toThrow();
    expect(sandbox.ran).toEqual(['agent: one']);
  });

  it('records what was sent while a call was under way on that call, and what was sent before on the step before', async () => {
    const sent = (host: string) => ({
      attempt: { protocol: 'tls' as const, verdict: 'refused' as const, host, size: 5 },
      payload: Buffer.from('hello'),
    });
    const waiting = [[sent('early.example')], [sent('late.example')]];
    const sandbox = fakeSandbox(says, { attempts: async () => waiting.shift() ?? [] });
    const trial = await decided(made({ sandbox }), bash('echo a'));
    await act(trial.live, signal);
    expect(trial.of('network.attempted').map(({ step, callId }) => [step, callId])).toEqual([
      [undefined, undefined],
      [0, '0.0'],
    ]);
  });

  it('throws what says that the sandbox is broken, with the call on record', async () => {
    const sandbox = fakeSandbox(() => Promise.reject(new ProctorError('sandbox-broken', 'it is gone')));
    const trial = await decided(made({ sandbox }), bash('exit'));
    await expect(act(trial.live, signal)).rejects.toMatchObject({ code: 'sandbox-broken' });
    expect(trial.of('tool.called')).toHaveLength(1);
    expect(trial.of('tool.returned')).toHaveLength(0);
  });
});
