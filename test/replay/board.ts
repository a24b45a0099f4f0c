/** A board of values that can be set again and again, until it is given away. */
export const board = {
  'board/environment.toml': `
name = "board"
description = "A board of values."

[[servers]]
name = "board"
placement = "host"
module = "board.ts"

[state]
server = "board"

[tools.set]
effect = "write"
[tools.give]
effect = "send"
`,
  'board/board.ts': `
export default () => {
  const values: Record<string, string> = {};
  let given = false;
  const input = (names: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
  });
  const tools = [
    {
      name: 'set',
      description: 'Sets a value.',
      input: input(['key', 'value']),
      call({ key, value }: { key: string; value: string }) {
        if (!given) values[key] = value;
        return 'noted';
      },
    },
    {
      name: 'give',
      description: 'Gives the board to someone.',
      input: input(['to']),
      call({ to }: { to: string }) {
        given ||= to === 'archive';
        return 'noted';
      },
    },
  ];
  return { tools, state: () => ({ values: { ...values }, given }) };
};
`,
};

export const set = (key: string, value: string) => ({ tool: 'set', arguments: { key, value } });
export const give = (to: string) => ({ tool: 'give', arguments: { to } });
export const submit = { tool: 'submit', arguments: {} };
