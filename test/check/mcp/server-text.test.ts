import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { environmentText, withTools } from '../../../src/check/mcp/server-text.ts';
import { toolEffect } from '../../../src/schema/effect.ts';
import type { ListedTool } from '../../../src/schema/trace-event.ts';

const tool = (name: string): ListedTool => ({
  name,
  server: 'shop',
  placement: 'sandbox',
  description: '',
  inputSchema: {},
  declared: toolEffect.parse({ effect: 'read' }),
});
const bare = environmentText({
  name: 'shop',
  description: 'A shop.',
  image: 'image = "."',
  server: { name: 'shop', placement: 'sandbox', command: ['shop'], env: {} },
  folders: ['/data'],
});

describe('environment.toml of a server', () => {
  it('gets what the server answered', () => {
    const text = withTools(bare, {
      tools: [tool('find'), tool('buy')],
      only: ['find'],
      guidance: 'guidance.md',
    });
    expect(parse(text)).toMatchObject({
      guidance: 'guidance.md',
      hide: ['buy'],
      state: { paths: ['/data'] },
      tools: { find: { effect: 'read' }, buy: { effect: 'read' } },
    });
  });

  it('keeps what its author mended, when the server is asked again', () => {
    const mended = `${bare.replace('command = [ "shop" ]', 'command = [ "shop", "--now" ] # it waits otherwise')}\n[tools.find]\neffect = "write"\n`;
    const text = withTools(mended, { tools: [tool('find'), tool('buy')] });
    expect(text).toContain('"--now" ] # it waits otherwise');
    expect(parse(text)).toMatchObject({ tools: { find: { effect: 'write' }, buy: { effect: 'read' } } });
  });
});
