import type { AuthorFile } from '../../schema/author-folder.ts';
import { textOf } from '../words.ts';
import type { Perturb } from './perturb.ts';

const places = [['data'], ['shared', 'store'], ['srv', 'shared', 'store']] as const;

/** Declared folders of the working directory one, two or three folders deeper, in all texts of the task too. */
export const layout: Perturb = ({ files, declared }, { strength }) => {
  const folders = declared.layout.filter((folder) =>
    files.some(({ path }) => path.startsWith(`environment/${folder}/`)),
  );
  if (folders.length === 0) return 'perturb.layout names no folder of environment/';
  const deeper = (folder: string) => [...(places[strength - 1] ?? []), folder].join('/');
  return folders.reduce<AuthorFile[]>(
    (all, folder) =>
      all.map((file) => {
        const path = file.path.startsWith(`environment/${folder}/`)
          ? `environment/${deeper(folder)}${file.path.slice(`environment/${folder}`.length)}`
          : file.path;
        const text = textOf(file);
        const named = new RegExp(`(?<=^|[^\\w./-]|[\\w.*]/)${escaped(folder)}(?=/)`, 'gm');
        const other = text?.replace(named, deeper(folder));
        return other === undefined || other === text
          ? { ...file, path }
          : { ...file, path, content: Buffer.from(other) };
      }),
    [...files],
  );
};

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
