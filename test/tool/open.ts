import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { textOf } from '../../src/schema/content.ts';
import { type EnvironmentConfig, environment } from '../../src/schema/environment.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { openToolbox, type ToolboxOptions } from '../../src/tool/open-toolbox.ts';
import type { CallOptions, ServerNotification, Toolbox } from '../../src/tool/toolbox.ts';

export const fixtureDir = fileURLToPath(new URL('fixture', import.meta.url));

type EnvironmentInput = { [K in keyof EnvironmentConfig]?: unknown };

/** An environment of the fixture folder. */
function fixtureEnvironment(config: EnvironmentInput) {
  return {
    name: 'fixture',
    dir: fixtureDir,
    digest: '',
    policy: {} as never,
    config: environment.parse({ name: 'fixture', description: 'For tests.', ...config }),
  };
}

/** Opens toolboxes for the tests of one file and closes them at its end; `heard` collects what servers say. */
export function toolboxes() {
  const open: Toolbox[] = [];
  afterAll(() => Promise.all(open.map((toolbox) => toolbox.close())));
  return async (config: EnvironmentInput, options: Partial<ToolboxOptions> = {}) => {
    const heard: ServerNotification[] = [];
    const toolbox = await openToolbox({
      environment: fixtureEnvironment(config),
      seed: 'seed',
      clock: '2026-03-01T09:00:00.000Z',
      data: {},
      signal: new AbortController().signal,
      notify: (notification) => heard.push(notification),
      captureBytes: 1024 * 1024,
      ...options,
    });
    open.push(toolbox);
    const call = async (tool: string, args: JsonObject = {}, options: Partial<CallOptions> = {}) => {
      const result = await toolbox.call(tool, args, {
        signal: new AbortController().signal,
        timeoutMs: 20_000,
        ...options,
      });
      return { ...result, text: textOf(result.content) };
    };
    return { toolbox, call, heard };
  };
}

/** A host server of the fixture folder. */
export const hostServer = (name: string, module = `${name}.ts`) => ({ name, placement: 'host', module });
