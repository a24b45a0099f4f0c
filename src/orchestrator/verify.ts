import { messageOf, ProctorError } from '../errors.ts';
import { collectArtifacts, runCollectHooks } from './artifact.ts';
import { clockOf, currentStep, type LiveTrial, phaseOf, stepOf, submittedAnswer } from './live-trial.ts';
import { recordAttempts } from './network.ts';
import { observe } from './observe.ts';
import { readState, stateKind } from './probe.ts';
import { recordTroubles } from './service.ts';
import { recordStarted } from './started-program.ts';
import { limitReached, type TrialContext } from './trial-machine.ts';
import { compareTests } from './verifier/compare-tests.ts';
import { verifyByScript } from './verifier/script.ts';
import { type Verdict, verifyAnswer, verifyState } from './verifier/verdict.ts';

/** Names of leftover processes that a trace keeps. */
const maxProcesses = 20;

/**
 * Verifies what the agent left at the end of a phase, whatever the outcome. Its processes are killed before, or live until tests
 * from elsewhere are through.
 * Throws `verifier-failed` where there is no reward and the agent is not to blame.
 */
export async function verify(
  live: LiveTrial,
  context: TrialContext,
  phase: number,
  signal: AbortSignal,
): Promise<Verdict> {
  const { recorder } = live.parts;
  recordLimit(live, context);
  await live.session?.close();
  await observe(live, false).catch(() => undefined);
  const begun = performance.now();
  const found = await verdictOn(live, signal).catch(brokenByAgent);
  const { stdout, stderr, ctrf, ...verdict } = found;
  recorder.append({
    type: 'verifier.returned',
    phase,
    by: phaseOf(live).verify.by,
    ...verdict,
    stdout: recorder.bodies.text(stdout),
    stderr: recorder.bodies.text(stderr),
    ...(ctrf !== undefined && { ctrf: recorder.bodies.text(ctrf) }),
    durationMs: performance.now() - begun,
  });
  await collectArtifacts(live);
  if (verdict.error?.fault === 'harness') {
    throw new ProctorError('verifier-failed', `task ${live.plan.task.name}: ${verdict.error.message}`);
  }
  return found;
}

/** Ends the agent's part, and records what it left running, which a task from elsewhere has alive for its hooks and tests. */
async function quiesce(live: LiveTrial): Promise<void> {
  const { sandbox, parts } = live;
  if (!sandbox) return;
  const spares = live.plan.task.additions.isolation === 'compatible';
  const { count, processes, ...limits } = await sandbox.quiesce({ spares });
  await recordAttempts(live, currentStep(live));
  await recordStarted(live, currentStep(live));
  await recordTroubles(live, currentStep(live));
  parts.recorder.append({
    type: 'sandbox.quiesced',
    sandbox: sandbox.id,
    count,
    processes: processes.slice(0, maxProcesses),
    ...(spares && count > 0 && { spared: true }),
    ...limits,
  });
}

/** A sandbox that is dead or too full to be read counts as a failure of the agent, as nobody else was in it. */
function brokenByAgent(error: unknown): Verdict {
  const broken =
    error instanceof ProctorError && (error.code === 'sandbox-broken' || error.code === 'too-large');
  if (!broken) throw error;
  const { code, message } = error;
  return {
    where: 'record',
    rewards: { reward: 0 },
    checks: [],
    stdout: '',
    stderr: '',
    error: { code, message, fault: 'agent' },
    integrity: [],
  };
}

async function verdictOn(live: LiveTrial, signal: AbortSignal): Promise<Verdict> {
  await quiesce(live);
  await runCollectHooks(live);
  const { verify: demand } = phaseOf(live);
  if (demand.by !== 'script' || demand.where === 'fresh') await live.sandbox?.quiesce();
  await compareTests(live, signal);
  if (demand.by === 'script') return verifyByScript(demand, live, signal);
  if (demand.by === 'answer') return verifyAnswer(demand, submittedAnswer(live));
  const state = await readState(live);
  const { initial } = live.world;
  if (initial === undefined)
    throw new ProctorError('verifier-failed', 'the state before the first step is not known');
  try {
    return verifyState(demand, initial, state, stateKind(live));
  } catch (error) {
    if (error instanceof ProctorError) throw error;
    throw new ProctorError('verifier-failed', `task ${live.plan.task.name}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function recordLimit(live: LiveTrial, context: TrialContext): void {
  const { outcome, phase, phaseSeconds } = context;
  if (outcome === 'timed-out') {
    const value = clockOf(live).elapsed() / 1000;
    live.parts.recorder.append({
      type: 'limit.reached',
      ...stepOf(live),
      limit: 'seconds',
      value,
      max: phaseSeconds[phase] ?? value,
    });
    return;
  }
  const reached = limitReached(context);
  if (reached && outcome?.startsWith('out-of-'))
    live.parts.recorder.append({ type: 'limit.reached', ...stepOf(live), ...reached });
}
