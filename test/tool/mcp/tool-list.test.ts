import { describe, expect, it } from 'vitest';
import { readToolList } from '../../../src/tool/mcp/tool-list.ts';

const object = { type: 'object' };
const tool = (name: string, rest = {}) => ({ name, inputSchema: object, ...rest });
/** A list of these pages; the cursor is the number of the next one. */
const pages = (...all: object[]) =>
  readToolList(async (cursor) => JSON.parse(JSON.stringify(all[Number(cursor ?? 0)])));
const one = async (raw: unknown) => pages({ tools: [raw] });

describe('a list of tools', () => {
  it.each([undefined, null, ''])('ends where the cursor is %j', async (nextCursor) => {
    const { tools } = await pages(
      { tools: [tool('a')], nextCursor: '1' },
      { tools: [tool('b')], nextCursor },
    );
    expect(tools.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('without an end is refused, by the cursor that comes again or by its length', async () => {
    await expect(readToolList(async () => ({ tools: [], nextCursor: 'same' }))).rejects.toThrow(
      'the cursor "same" comes again',
    );
    let page = 0;
    const endless = readToolList(async () => ({ tools: [], nextCursor: `${++page}` }));
    await expect(endless).rejects.toThrow('more than 100 pages');
  });

  it('keeps the first of two tools of one name, and names the other', async () => {
    const again = tool('x', { inputSchema: { ...object, required: ['y'] } });
    const { tools, refused } = await pages(
      { tools: [tool('x'), tool('toString')], nextCursor: '1' },
      { tools: [again] },
    );
    expect(tools).toEqual([tool('x'), tool('toString')]);
    expect(refused).toEqual(['the tool "x" is listed more than once; the first one is kept']);
  });

  it.each([undefined, null, true, {}])('takes the schema %j as one of any object', async (inputSchema) => {
    expect((await one({ name: 'x', inputSchema })).tools).toEqual([tool('x')]);
  });

  it('takes a schema that does not say so as one of an object, and keeps the rest', async () => {
    const inputSchema = { oneOf: [{ properties: { a: {} } }] };
    expect((await one({ name: 'x', inputSchema })).tools).toEqual([
      { name: 'x', inputSchema: { ...inputSchema, ...object } },
    ]);
  });

  it.each([
    [{ name: 'x', inputSchema: { type: 'array', items: {} } }, /^the tool "x" is left out.+"array"/],
    [{ name: 'x', inputSchema: 'none' }, /^the tool "x" is left out/],
    [{ name: '', inputSchema: object }, /^a tool without a name/],
    [null, /^a tool without a name/],
  ])('leaves out %j alone', async (raw, reason) => {
    const { tools, refused } = await pages({ tools: [raw, tool('y')] });
    expect(tools).toEqual([tool('y')]);
    expect(refused).toEqual([expect.stringMatching(reason)]);
  });

  it('keeps tools whose description or hints are of another kind than they should be', async () => {
    const annotations = { readOnlyHint: 'yes' };
    expect((await one(tool('x', { description: 7, annotations }))).tools).toEqual([
      tool('x', { annotations }),
    ]);
  });
});
