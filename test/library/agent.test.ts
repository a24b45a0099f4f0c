import { expect, it } from 'vitest';
import { makeAgent, modelSettings } from '../../src/library/agent.ts';

it('a model that is named for programs inside of the sandbox is no other agent’s', () => {
  process.env.OPENAI_API_KEY ??= 'sk-test';
  const settings = modelSettings({ model: 'for-programs' });
  for (const id of ['openai:its-own', 'openai-responses:its-own'])
    expect(makeAgent(id, settings).model).toBe('its-own');
});
