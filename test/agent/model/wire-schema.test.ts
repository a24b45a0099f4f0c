import { expect, it } from 'vitest';
import { dialectOf, wireSchema } from '../../../src/agent/model/wire-schema.ts';
import type { JsonObject } from '../../../src/schema/json.ts';

const text = { type: 'string' };
const number = { type: 'number' };

it('leaves a plain schema as it is', () => {
  const schema = { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: false };
  expect(wireSchema(schema, 'openai')).toEqual({ schema, keys: [] });
});

it.each<[string, JsonObject, JsonObject]>([
  ['nothing', {}, { type: 'object', properties: {} }],
  ['no properties', { type: 'object' }, { type: 'object', properties: {} }],
  [
    'alternatives at the top',
    {
      type: 'object',
      properties: { a: text },
      oneOf: [
        { properties: { b: text }, required: ['a', 'b'] },
        { properties: { c: text }, required: ['a', 'c'] },
      ],
    },
    { type: 'object', properties: { a: text, b: text, c: text }, required: ['a'] },
  ],
  [
    'alternatives that differ in one property',
    {
      anyOf: [
        { type: 'object', properties: { a: text } },
        { type: 'object', properties: { a: number } },
      ],
    },
    { type: 'object', properties: { a: { anyOf: [text, number] } } },
  ],
  [
    'parts at the top',
    {
      allOf: [{ properties: { a: text }, required: ['a'] }, { $ref: '#/$defs/b' }],
      $defs: { b: { properties: { b: text }, required: ['b'] } },
    },
    { type: 'object', properties: { a: text, b: text }, required: ['a', 'b'] },
  ],
  [
    'a reference at the top',
    { $ref: '#/$defs/x', $defs: { x: { type: 'object', properties: { a: text } } } },
    { properties: { a: text } },
  ],
  [
    'lists without items',
    { properties: { a: { type: 'array' } } },
    { properties: { a: { type: 'array', items: {} } } },
  ],
  [
    'lists of places',
    { properties: { a: { type: 'array', items: [text] } } },
    { properties: { a: { prefixItems: [text], items: {} } } },
  ],
  ['references to nowhere', { properties: { a: { $ref: '#/nowhere' } } }, { properties: { a: {} } }],
  ['types that are none', { properties: { a: { type: 'any', required: true } } }, { properties: { a: {} } }],
])('has an object with properties where there is %s', (_, schema, expected) => {
  const prepared = wireSchema(schema, 'openai').schema ?? {};
  expect(prepared).toMatchObject({ type: 'object', ...expected });
  expect(prepared.required).toEqual(expected.required);
  for (const key of ['oneOf', 'anyOf', 'allOf', 'enum', 'not']) expect(prepared).not.toHaveProperty(key);
});

it('shows Gemini what it knows of a schema', () => {
  const schema: JsonObject = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    $defs: {
      node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, kind: { const: 'leaf' } } },
    },
    properties: {
      node: { $ref: '#/$defs/node' },
      id: { type: ['string', 'null'], format: 'uuid' },
      size: { anyOf: [{ type: 'integer', exclusiveMinimum: 0 }, { type: 'null' }] },
      value: { description: 'any', oneOf: [text, number] },
      code: { type: 'integer', enum: [1, 2] },
      tags: { type: 'array' },
      extra: { type: 'object', properties: {} },
    },
  };
  expect(wireSchema(schema, 'gemini').schema).toEqual({
    type: 'object',
    properties: {
      node: {
        type: 'object',
        properties: { next: { type: 'object' }, kind: { type: 'string', enum: ['leaf'] } },
      },
      id: { type: 'string', nullable: true },
      size: { type: 'integer', nullable: true },
      value: { anyOf: [text, number] },
      code: { type: 'integer' },
      tags: { type: 'array', items: text },
      extra: { type: 'object' },
    },
  });
  expect(wireSchema({ type: 'object' }, 'gemini')).toEqual({ keys: [] });
});

it.each([
  ['https://generativelanguage.googleapis.com/v1beta/openai', 'x', 'gemini'],
  ['https://openrouter.ai/api/v1', 'google/gemini-3-pro', 'gemini'],
  ['https://openrouter.ai/api/v1', 'anthropic/claude-opus-5', 'anthropic'],
  ['http://127.0.0.1:8000/v1', 'qwen3', 'openai'],
])('knows the rules of %s with %s', (url, model, dialect) => {
  expect(dialectOf(url, model)).toBe(dialect);
});
