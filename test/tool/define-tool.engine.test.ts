import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../src/index.ts';
import type { Json } from '../../src/schema/json.ts';
import { hostServer, toolboxes } from './open.ts';

const about = { name: 'book', description: 'Books.' };

describe('a defined tool', () => {
  it('has the arguments of its zod object', () => {
    const input = z.strictObject({ order: z.string(), by: z.enum(['sea', 'air']).default('sea') });
    defineTool({
      ...about,
      input,
      call: (args) => expectTypeOf(args).toEqualTypeOf<{ order: string; by: 'sea' | 'air' }>(),
    });
  });

  it('has the arguments of its JSON Schema', () => {
    defineTool({
      ...about,
      input: {
        type: 'object',
        properties: {
          order: { type: 'string' },
          by: { enum: ['sea', 'air'] },
          weights: { type: 'array', items: { type: 'number' } },
          to: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          note: {},
        },
        required: ['order', 'weights'],
      },
      call(args) {
        expectTypeOf(args.order).toEqualTypeOf<string>();
        expectTypeOf(args.by).toEqualTypeOf<'sea' | 'air' | undefined>();
        expectTypeOf(args.weights).toEqualTypeOf<number[]>();
        expectTypeOf(args.to?.city).toEqualTypeOf<string | undefined>();
        expectTypeOf(args.note).toEqualTypeOf<Json | undefined>();
      },
    });
  });

  it('has no other arguments', () => {
    defineTool({
      ...about,
      input: z.strictObject({ order: z.string() }),
      // @ts-expect-error: the schema has no "carrier"
      call: ({ carrier }) => carrier,
    });
  });
});

describe('a host module far from this package', () => {
  const openToolbox = toolboxes();
  const dir = mkdtempSync(join(tmpdir(), 'proctor-outside-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('imports proctor and zod without having them installed', async () => {
    const module = join(dir, 'tools.ts');
    writeFileSync(
      module,
      `import { defineTool, type HostModule } from 'proctor';
       import { z } from 'zod';
       const module: HostModule = () => ({
         tools: [
           defineTool({
             name: 'double',
             description: 'Doubles a number.',
             input: z.strictObject({ number: z.number() }),
             call: ({ number }) => number * 2,
           }),
         ],
       });
       export default module;`,
    );
    const { call } = await openToolbox({ servers: [hostServer('outside', module)] });
    expect(await call('double', { number: 21 })).toMatchObject({ text: '42', isError: false });
  });
});
