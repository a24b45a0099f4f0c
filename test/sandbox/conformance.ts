import { afterAll, beforeAll, describe } from 'vitest';
import type { Sandbox, SandboxProvider, SandboxSpec } from '../../src/sandbox/sandbox.ts';
import { execConformance } from './conformance/exec.ts';
import { filesConformance } from './conformance/files.ts';
import { hostileConformance } from './conformance/hostile.ts';
import { lifecycleConformance } from './conformance/lifecycle.ts';
import { listenConformance } from './conformance/listen.ts';
import { surveyConformance } from './conformance/survey.ts';

/** What each group of the suite works on: the provider, its spec, and one sandbox that the group shares. */
export interface Subject {
  readonly provider: SandboxProvider;
  readonly spec: SandboxSpec;
  /** The sandbox of the running group; open only inside tests. */
  sandbox(): Sandbox;
}

/**
 * What every sandbox provider must do. Where a provider does not declare a capability, the suite asserts that it
 * refuses what needs it. `makeProvider` is called once, while tests are collected, and must not touch the engine.
 */
export function describeSandbox(name: string, makeProvider: () => SandboxProvider, spec: SandboxSpec): void {
  describe(name, () => {
    const provider = makeProvider();
    beforeAll(() => provider.prepare(spec, () => {}));
    afterAll(() => provider.close());

    const groups = {
      exec: execConformance,
      files: filesConformance,
      survey: surveyConformance,
      lifecycle: lifecycleConformance,
      listen: listenConformance,
      hostile: hostileConformance,
    };
    for (const [title, group] of Object.entries(groups)) {
      describe(title, () => {
        let sandbox: Sandbox;
        beforeAll(async () => {
          sandbox = await provider.open(spec);
        });
        afterAll(() => sandbox?.close());
        group({ provider, spec, sandbox: () => sandbox });
      });
    }
  });
}
