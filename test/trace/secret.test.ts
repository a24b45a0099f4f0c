import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../src/schema/content.ts';
import { createSecrets } from '../../src/trace/secret.ts';
import { openTrace } from '../../src/trace/trace-file.ts';
import { openWriter, temporaryFolder } from './sample.ts';
import { toolReturned, trialStarted } from './sample-events.ts';

const plain = 'sk-4f9a0b1c2d3e4f5a';
const awkward = 'p"a\\s\ns€ wörd/🦀';
const secrets = { API_KEY: plain, PASSWORD: awkward };

const nested = JSON.stringify({ inner: JSON.stringify({ password: awkward, key: plain }) });
const long = `${'.'.repeat(5000)}${plain}${awkward}${nested}`;
const literal = '{{secret:API_KEY}} {{secret:PASSWORD:json}} {{secret::API_KEY}}';

function allBytesUnder(dir: string): string {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('secrets', () => {
  const run = temporaryFolder();
  const writer = openWriter(run, 'secretive', { secrets });
  const image = Buffer.concat([Buffer.alloc(5000, 0xff), Buffer.from(plain), Buffer.from('{{secret:')]);
  const blocks: Content[] = [
    { type: 'text', text: `${plain} and ${awkward}` },
    { type: 'text', text: nested },
    { type: 'text', text: long },
    { type: 'text', text: literal },
    { type: 'image', mimeType: 'image/png', data: image.toString('base64') },
    { type: 'other', json: JSON.stringify({ uri: `https://x/?key=${encodeURIComponent(awkward)}` }) },
  ];
  const args = { command: `login ${plain}`, [plain]: awkward, deep: [nested] };
  writer.append(trialStarted(writer, 'secretive'));
  const called = writer.append({
    type: 'tool.called',
    step: 0,
    callId: '0.0',
    tool: plain,
    server: awkward,
    arguments: writer.bodies.json(args),
  });
  const returned = writer.append(toolReturned(writer, '0.0', blocks));
  writer.append({ type: 'step.finished', step: 0, notice: nested });
  writer.close();

  it('are nowhere on disk, in no form they were given in', () => {
    const bytes = allBytesUnder(run);
    const escaped = JSON.stringify(awkward).slice(1, -1);
    for (const form of [
      plain,
      awkward,
      escaped,
      JSON.stringify(escaped).slice(1, -1),
      encodeURIComponent(awkward),
    ]) {
      expect(bytes).not.toContain(Buffer.from(form).toString('latin1'));
    }
    expect(bytes).toContain('{{secret:API_KEY}}');
  });

  it('are replaced in the event that append returns too', () => {
    expect(called).toMatchObject({ tool: '{{secret:API_KEY}}', server: '{{secret:PASSWORD}}' });
  });

  it('are put back exactly for whoever has their values', () => {
    const [, toolCalled, toolReturned] = [...openTrace(writer.dir).events];
    const { bodies } = openTrace(writer.dir, { secrets });
    expect(toolCalled?.type === 'tool.called' && bodies.json(toolCalled.arguments)).toEqual(args);
    expect(toolReturned?.type === 'tool.returned' && bodies.content(toolReturned.content)).toEqual(blocks);
  });

  it('stay markers, and JSON stays JSON, for whoever has not', () => {
    const { bodies } = openTrace(writer.dir);
    if (returned.type !== 'tool.returned') throw new Error('expected tool.returned');
    const [first, json, , same] = bodies.content(returned.content);
    expect(first).toEqual({ type: 'text', text: '{{secret:API_KEY}} and {{secret:PASSWORD}}' });
    expect(JSON.parse(json?.type === 'text' ? json.text : '')).toHaveProperty('inner');
    expect(same).toEqual({ type: 'text', text: literal });
  });

  it('cannot be asked for by writing their marker', () => {
    const { hide, reveal } = createSecrets(secrets);
    for (const text of [
      literal,
      '{{secret:{{secret:API_KEY}}',
      '{{{secret:API_KEY}}}',
      `{{secret:${plain}}}`,
    ]) {
      expect(hide(text)).not.toContain(plain);
      expect(reveal(hide(text))).toBe(text);
    }
  });

  it('may have the name of another as their value', () => {
    const { hide, scrub, reveal } = createSecrets({ API_TOKEN: 'API_TOKEN', OTHER: 'API_TOKEN-and-more' });
    const text = 'API_TOKEN API_TOKEN-and-more {{secret:API_TOKEN}}';
    expect(reveal(scrub(hide(text)))).toBe(text);
  });

  it('shorter than eight characters are not treated as such, and named', () => {
    const { hide, ignored } = createSecrets({ PIN: '1234567', API_KEY: plain });
    expect(ignored).toEqual(['PIN']);
    expect(hide('1234567')).toBe('1234567');
  });

  it('need a plain name', () => {
    expect(() => createSecrets({ 'a}}b': plain })).toThrow(expect.objectContaining({ code: 'bad-flag' }));
  });
});
