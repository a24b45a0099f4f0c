import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { projects } from './projects.ts';

/** Ends a test run with what it left out, and with one plain line: how many tests passed, failed and were skipped. */
export default class ClosingLine implements Reporter {
  private ran: readonly string[] = [];

  onInit(vitest: Vitest): void {
    this.ran = vitest.projects.map(({ name }) => name);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state);
      for (const state of states) count[state] += 1;
      if (module.state() === 'failed' && !states.includes('failed')) count.failed += 1;
    }
    const failed = count.failed + (count.failed === 0 ? errors.length : 0);
    process.stdout.write(
      `${leftOut(this.ran)}${count.passed} passed, ${failed} failed, ${count.skipped} skipped\n`,
    );
  }
}

/** One line on the projects that did not run; empty where all did. */
export function leftOut(ran: readonly string[]): string {
  const names = projects
    .filter(({ name }) => !ran.includes(name))
    .map(({ name, what }) => `${name} (${what})`);
  return names.length === 0 ? '' : `left out: ${names.join('; ')}; npm run test:all runs everything\n`;
}
