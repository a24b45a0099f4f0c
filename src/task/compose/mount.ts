import { basename, relative } from 'node:path';
import type { NewFile } from '../../sandbox/sandbox.ts';
import type { Mount } from '../../sandbox/service.ts';
import { isFile, isFolder, readFile, readFolder } from '../../schema/author-folder.ts';
import type { ComposeFile, ComposeMount, ComposeService } from '../../schema/compose.ts';
import { bytesOf } from './quantity.ts';
import { pathInside, type Reading, required } from './reading.ts';
import { harborMount } from './variable.ts';

interface Mounted {
  mounts: Mount[];
  /** What is put in before the start. */
  files: NewFile[];
}

type LongMount = Exclude<ComposeMount, string>;

/** What a service mounts. Folders of `environment/` become volumes of the trial, and files are put in, so that the task itself is out of reach. */
export function mountsOf(
  reading: Reading,
  file: ComposeFile,
  name: string,
  service: ComposeService,
): Mounted {
  const found: Mounted = { mounts: [], files: [] };
  for (const [index, given] of (service.volumes ?? []).entries()) {
    const where = `services.${name}.volumes[${index}]`;
    const mount = typeof given === 'string' ? shortMount(given) : given;
    if (mount.type === 'tmpfs') found.mounts.push(temporary(reading, where, mount));
    else if (mount.type === 'volume') found.mounts.push(volumeOf(reading, file, where, mount));
    else if (mount.type === 'bind') bind(reading, where, { name, mount }, found);
    else reading.refusals.push(`${where}: "${mount.type}" is not mounted; expected bind, volume or tmpfs`);
  }
  for (const given of service.tmpfs ?? []) {
    const [target = '', options = ''] = given.split(':');
    const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
    const mode = /(?:^|,)mode=0?([0-7]+)/.exec(options)?.[1];
    const tmpfs = { ...(size && { size }), ...(mode && { mode: Number.parseInt(mode, 8) }) };
    found.mounts.push(temporary(reading, `services.${name}.tmpfs`, { type: 'tmpfs', target, tmpfs }));
  }
  for (const [index, { source, target = `/${source}`, mode = 0o444 }] of (service.configs ?? []).entries()) {
    const content = configOf(reading, file, `services.${name}.configs[${index}]`, source);
    if (content !== undefined) found.files.push({ path: target, content, mode });
  }
  return found;
}

/** `[SOURCE:]TARGET[:OPTIONS]`; a source is a path where it looks like one. */
function shortMount(text: string): LongMount {
  const [first = '', second, options = ''] = text.split(':');
  if (second === undefined) return { type: 'volume', target: first };
  const read_only = options.split(',').includes('ro');
  const volume = { nocopy: options.split(',').includes('nocopy') };
  return { type: /^[./~]/.test(first) ? 'bind' : 'volume', source: first, target: second, read_only, volume };
}

function temporary(reading: Reading, where: string, { target, tmpfs }: LongMount): Mount {
  const { size, mode } = tmpfs ?? {};
  const bytes =
    size === undefined
      ? undefined
      : required(reading, `${where}.size`, bytesOf(size), 'a size such as "64m"');
  return {
    kind: 'tmpfs',
    target,
    ...(bytes !== undefined && { bytes }),
    ...(mode !== undefined && { mode }),
  };
}

function volumeOf(
  { refusals }: Reading,
  { volumes }: ComposeFile,
  where: string,
  { source, target, read_only = false, volume }: LongMount,
): Mount {
  if (source !== undefined && !(source in (volumes ?? {})))
    refusals.push(`${where}: there is no volume "${source}" in volumes`);
  return {
    kind: 'volume',
    target,
    ...(source !== undefined && { name: source }),
    ...(read_only && { readOnly: true }),
    ...(volume?.nocopy && { nocopy: true }),
  };
}

function bind(
  reading: Reading,
  where: string,
  { name, mount }: { name: string; mount: LongMount },
  found: Mounted,
): void {
  const { source = '', target, read_only: readOnly = false } = mount;
  if (source.startsWith(harborMount)) {
    if (name !== 'main')
      found.mounts.push({ kind: 'volume', target, name: source.slice(1).replaceAll('/', '-') });
    return;
  }
  const path = pathInside(reading, source);
  if (path === undefined) {
    reading.refusals.push(
      `${where}: ${source} would lead out of the trial; expected a volume, or a path below environment/`,
    );
  } else if (isFile(path)) {
    const { content, mode } = readFile(path);
    found.files.push({ path: target, content, mode });
  } else if (isFolder(path) || typeof mount === 'object') {
    const files = readFolder(path);
    const shared = `folder-${relative(reading.folder, path).replaceAll(/[^\w.-]+/g, '-') || basename(path)}`;
    found.mounts.push({ kind: 'volume', target, name: shared, files, ...(readOnly && { readOnly }) });
  }
}

function configOf(
  reading: Reading,
  { configs }: ComposeFile,
  where: string,
  source: string,
): Buffer | undefined {
  const config = configs?.[source];
  if (!config) {
    reading.refusals.push(`${where}: there is no config "${source}" in configs`);
    return undefined;
  }
  const { content, environment, file } = config;
  if (content !== undefined) return Buffer.from(content);
  if (environment !== undefined) return Buffer.from(reading.lookup(environment) ?? '');
  const path = file === undefined ? undefined : pathInside(reading, file);
  if (path !== undefined && isFile(path)) return readFile(path).content;
  reading.refusals.push(`configs.${source}.file: ${file ?? 'missing'}: expected a file below environment/`);
  return undefined;
}
