import type { Agent } from '../../agent/agent.ts';
import { submitTool } from '../../schema/builtin-tool.ts';
import { textOf } from '../../schema/content.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import { isJsonObject } from '../../schema/json.ts';
import type { View } from '../../schema/view.ts';
import { type InstanceRandom, instanceRandom } from '../../task/random.ts';

/** Calls of one trial before it submits. */
const calls = 12;

/** Calls tools at random with arguments that their schemas allow, of words it has seen. Its seed follows from the trial's. */
export function randomToolAgent(): Agent {
  return {
    id: 'random-tool',
    open: async ({ seed }) => ({
      decide: async (view) => {
        const random = instanceRandom(`${seed}/${view.steps.length}`);
        const words = wordsSeen(view);
        const tools = view.tools.filter(({ name }) => name !== submitTool);
        const tool = tools.length > 0 && view.steps.length < calls ? random.pick(tools) : undefined;
        if (!tool) return { calls: [{ tool: submitTool, arguments: { answer: random.pick(words) } }] };
        return { calls: [{ tool: tool.name, arguments: objectOf(tool.inputSchema, random, words) }] };
      },
      close: async () => {},
    }),
  };
}

/** Words of the instruction and of what came back, each once. */
export function wordsSeen({ instruction, steps }: View): string[] {
  const texts = [
    instruction,
    ...steps.flatMap((step) => step.observations.map(({ content }) => textOf(content))),
  ];
  const words = texts.flatMap((text) => text.match(/[\w@/.-]+/g) ?? []);
  return words.length > 0 ? [...new Set(words)] : ['a'];
}

/** An object that a JSON schema allows, as far as it says so by types and enums; optional fields are there half of the time. */
function objectOf(
  schema: Record<string, unknown>,
  random: InstanceRandom,
  words: readonly string[],
): JsonObject {
  const properties = schemaIn(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.includes(name) || random.chance(0.5))
      .map(([name, one]) => [name, argumentOf(schemaIn(one), random, words)]),
  );
}

function argumentOf(schema: Record<string, unknown>, random: InstanceRandom, words: readonly string[]): Json {
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return random.pick(schema.enum);
  if (schema.const !== undefined) return schema.const as Json;
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices && choices.length > 0) return argumentOf(schemaIn(random.pick(choices)), random, words);
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
  const least = typeof schema.minimum === 'number' ? Math.ceil(schema.minimum) : 0;
  const most = typeof schema.maximum === 'number' ? Math.floor(schema.maximum) : least + 100;
  if (type === 'integer' || type === 'number') return random.int(least, Math.max(least, most));
  if (type === 'boolean') return random.chance(0.5);
  if (type === 'null') return null;
  if (type === 'object') return objectOf(schema, random, words);
  if (type === 'array')
    return Array.from({ length: random.int(1, 2) }, () => argumentOf(schemaIn(schema.items), random, words));
  return random.pick(words);
}

const schemaIn = (value: unknown): Record<string, unknown> =>
  isJsonObject(value as Json | undefined) ? (value as Record<string, unknown>) : {};
