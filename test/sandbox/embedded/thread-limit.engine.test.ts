import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { embeddedProvider } from '../../../src/sandbox/embedded/provider.ts';
import { embeddedSpec, say } from './sandboxes.ts';

test('more embedded sandboxes than there are threads keep files, folder and variables, and few threads', async () => {
  const provider = embeddedProvider({ threads: 2 });
  const before = readdirSync('/proc/self/task').length;
  const all = await Promise.all(Array.from({ length: 8 }, () => provider.open(embeddedSpec)));
  await Promise.all(
    all.map((sandbox, index) => say(sandbox, `mkdir own; cd own; export ME=${index}; echo ${index} > me`)),
  );
  const [first] = all;
  await first?.files.write([{ path: '/work/own/given', content: Buffer.from('given\n') }]);
  const said = await Promise.all(all.map((sandbox) => say(sandbox, 'echo "$ME $(cat me) $PWD"; ls')));
  expect(said.map(({ out }) => out)).toEqual(
    all.map((_, index) => `${index} ${index} /work/own\n${index === 0 ? 'given\n' : ''}me\n`),
  );
  await Promise.all(
    all.map((sandbox) =>
      expect.soft(say(sandbox, 'sleep 0.1; echo on')).resolves.toMatchObject({ out: 'on\n' }),
    ),
  );
  expect(readdirSync('/proc/self/task').length - before).toBeLessThanOrEqual(4);
  const stuck = expect(say(all[7] as (typeof all)[number], 'while :; do :; done')).rejects.toThrow(
    /is closed/,
  );
  await Promise.all(all.map((sandbox) => sandbox.close()));
  await stuck;
  await provider.close();
}, 60_000);
