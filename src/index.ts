export type { Agent, AgentDecision, AgentSession, DecideOptions, TrialBrief } from './agent/agent.ts';
export type {
  AgentContext,
  AgentFunction,
  AgentModule,
  AgentObject,
  ModuleBrief,
} from './agent/module/agent-module.ts';
export { escalateAgent } from './agent/wrapper/escalate.ts';
export { retryAgent } from './agent/wrapper/retry.ts';
export { voteAgent } from './agent/wrapper/vote.ts';
export { type ErrorCode, type ErrorKind, ProctorError } from './errors.ts';
export { type Checked, type CheckOptions, check } from './library/check.ts';
export { type CompareOptions, compare } from './library/compare.ts';
export { type ForkOptions, type ForkResult, fork } from './library/fork.ts';
export { type OpenedSandbox, type OpenOptions, openSandbox } from './library/open-sandbox.ts';
export { loadProject, type ProjectConfig, type ScorerModule } from './library/project.ts';
export type { ProbeModule } from './library/project-probe.ts';
export type { SandboxModule, SandboxRun } from './library/provider-module.ts';
export { type ReadOptions, type ReadTrace, readTrace } from './library/read-trace.ts';
export { type ReplayOptions, type ReplayResult, replay } from './library/replay.ts';
export { runSuite, type SuiteOptions, type SuiteResult } from './library/run-suite.ts';
export { type ScoreOptions, score } from './library/score.ts';
export type { Probe, ProbedWorld } from './orchestrator/own-probe.ts';
export type { ReportedTrial, RunReport } from './report/run-report.ts';
export { dockerProvider } from './sandbox/docker/provider.ts';
export { embeddedProvider } from './sandbox/embedded/provider.ts';
export type { Sandbox, SandboxProvider, SandboxSpec } from './sandbox/sandbox.ts';
export type { Comparison } from './schema/comparison.ts';
export type { Finding } from './schema/finding.ts';
export type { Instance } from './schema/instance.ts';
export type { Run } from './schema/run.ts';
export type { StepScore, TrialScore } from './schema/score.ts';
export type { TraceEvent } from './schema/trace-event.ts';
export type { Trial } from './schema/trial.ts';
export type { View } from './schema/view.ts';
export type { Detection, Detector } from './scoring/detector.ts';
export type { Feature } from './scoring/feature.ts';
export type { ResolvedCall, ResolvedTrial } from './scoring/trial/resolved-trial.ts';
export type { Generate } from './task/generate/generator.ts';
export type { InstanceRandom } from './task/random.ts';
export {
  defineTool,
  type HostContext,
  type HostModule,
  type HostSandbox,
  type HostServer,
  type HostTool,
} from './tool/host-server.ts';
