import { dockerProvider } from '../../src/sandbox/docker/provider.ts';
import type { SandboxProvider, SandboxSpec } from '../../src/sandbox/sandbox.ts';
import type { Figure } from './figure.ts';
import { timed } from './figure.ts';
import { startBare } from './floor/container.ts';

const rounds = 6;

/** What a container costs from the request to its removal, against the engine's own least; then with one that waits. */
export async function measureSetUp(spec: SandboxSpec, image: string): Promise<Figure[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  const bare: number[] = [];
  await inTurn(spec, cold, 0);
  cold.length = 0;
  for (let round = 0; round < rounds; round++) {
    bare.push(await timed(async () => (await startBare(image)).remove()));
    await inTurn(spec, cold, 0);
    await inTurn(spec, warm, 1);
  }
  return [
    { name: 'set-up and teardown, cold', unit: 'ms', ours: cold, floor: bare, target: 'ratio ≤ 1.25' },
    {
      name: 'set-up and teardown, warm pool',
      unit: 'ms',
      ours: warm,
      floor: bare,
      target: 'next to nothing',
    },
  ];
}

/** With no pool, until the engine has removed it; with one, for as long as a trial waits for it. */
async function inTurn(spec: SandboxSpec, times: number[], poolSize: number): Promise<void> {
  const provider: SandboxProvider = dockerProvider({ runId: 'bench', poolSize });
  await provider.prepare(spec, () => {});
  times.push(
    await timed(async () => {
      const sandbox = await provider.open(spec);
      await sandbox.close();
      if (poolSize === 0) await provider.close();
    }),
  );
  await provider.close();
}
