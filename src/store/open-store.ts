import { openFolderStore } from './folder.ts';
import type { Store } from './store.ts';

/** The store that `--store` names: `s3://bucket/prefix`, or a folder that the machines share. Throws `bad-flag` or `store-failed`. */
export async function openStore(place: string): Promise<Store> {
  if (!place.startsWith('s3://')) return openFolderStore(place);
  const { openS3Store } = await import('./s3.ts');
  return openS3Store(place);
}
