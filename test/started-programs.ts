import { existsSync } from 'node:fs';
import { engine, engineNote } from './engine.ts';

const hasTypes = existsSync('/sys/kernel/btf/vmlinux');

/** Whether the engine's kernel can be asked which programs are started; tests of that are skipped on other machines. */
export const tellsPrograms = engine && hasTypes;

/** Put into the names of tests that need it, so that a skip says why. */
export const programsNote =
  engineNote || (hasTypes ? '' : ' (skipped: the kernel has no /sys/kernel/btf/vmlinux)');
