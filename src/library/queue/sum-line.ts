import { ProctorError } from '../../errors.ts';
import { several } from '../../format.ts';
import type { Sums } from '../../queue/status.ts';

/** What became of all trials of a run, in a line. Throws `lease-lost` where the sums don't add up. */
export function sumLine(
  run: string,
  { planned, committed, failed, cancelled, again, refused }: Sums,
): string {
  if (planned !== committed + failed + cancelled)
    throw new ProctorError(
      'lease-lost',
      `${run}: ${planned} trials were planned, but ${committed + failed + cancelled} ended`,
    );
  const extra = [
    ...(again > 0 ? [`${again} begun again`] : []),
    ...(refused > 0 ? [`${several(refused, 'late result')} refused`] : []),
  ];
  const sum = `${planned} planned = ${committed} committed + ${failed} failed + ${cancelled} cancelled`;
  return `${sum}${extra.length > 0 ? `; ${extra.join(', ')}` : ''}`;
}
