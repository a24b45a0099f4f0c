import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { projects } from './project/projects.ts';

export default defineConfig({
  test: {
    reporters: ['default', './test/project/closing-line.ts'],
    maxWorkers: 2,
    projects: projects.map(
      ({ name, include, exclude, timeoutMs, isolate }, index): TestProjectInlineConfiguration => ({
        test: {
          name,
          root: new URL('..', import.meta.url).pathname,
          include,
          exclude,
          env: { PROCTOR_TEST_PROJECT: name },
          isolate,
          setupFiles: ['test/project/setup.ts'],
          testTimeout: timeoutMs,
          hookTimeout: 180_000,
          sequence: { groupOrder: index },
        },
      }),
    ),
  },
});
