import { under } from '../harbor/field.ts';
import { type ComposeField, type ComposeSection, honoured, onlyOf, refused, warned } from './field.ts';
import { serviceFields } from './service-field.ts';

const networks: ComposeSection = {
  name: honoured('a network has a name of Proctor’s own'),
  internal: honoured('leads nowhere else, even where the sandbox’s network is public'),
  driver: refused('networks are bridges', onlyOf(['bridge', 'default'], 'networks are bridges')),
  driver_opts: warned('networks have Proctor’s own'),
  attachable: honoured('a network is its trial’s alone'),
  external: warned(
    'a trial shares no network; it has one of its own',
    onlyOf([false, 'false'], 'a trial shares no network; it has one of its own'),
  ),
  ipam: warned('addresses are the engine’s choice'),
  enable_ipv4: warned('networks have IPv4'),
  enable_ipv6: warned('networks have IPv4'),
  labels: honoured('networks have Proctor’s labels'),
};

const volumes: ComposeSection = {
  name: honoured('a volume has a name of Proctor’s own'),
  driver: refused('volumes are local', onlyOf(['local'], 'volumes are local')),
  driver_opts: refused('they could lead out of the trial'),
  external: refused(
    'a trial begins with what its task has',
    onlyOf([false, 'false'], 'a trial begins with what its task has'),
  ),
  labels: honoured('volumes have Proctor’s labels'),
};

const configs: ComposeSection = {
  file: honoured('a file of `environment/`'),
  content: honoured('as it stands'),
  environment: honoured('a variable of Proctor’s own environment'),
  name: honoured('says what it is'),
  external: refused(
    'a trial begins with what its task has',
    onlyOf([false, 'false'], 'a trial begins with what its task has'),
  ),
  labels: honoured('nothing reads them'),
  template_driver: refused('configs are not templates'),
};

/** Every field of a compose file, by its path, and what becomes of it here. */
export const composeFields: Readonly<ComposeSection> = {
  version: honoured('read as the Compose Specification'),
  name: honoured('says what it is'),
  include: refused('write the services out'),
  models: refused('the agent’s model is Proctor’s to ask'),
  secrets: refused('a trial has no secrets; use `environment` with made-up values'),
  ...under('services.*.', serviceFields),
  ...under('networks.*.', networks),
  ...under('volumes.*.', volumes),
  ...under('configs.*.', configs),
};

/** The paths below which the table names all that there is. */
const sections = new Set(
  Object.keys(composeFields).flatMap((path) => {
    const parts = path.split('.');
    return parts.map((_, index) => parts.slice(0, index).join('.'));
  }),
);

/** A field that can't be honoured, with its path in the file. */
interface Objection {
  path: string;
  handling: 'warned' | 'refused';
  why: string;
}

/** What of a compose file cannot be honoured, by field: `refused` fields refuse the task. Keys that start with `x-` say nothing. */
export const objectionsTo = (data: unknown): Objection[] => objectionsIn(data, '', '', '');

function objectionsIn(value: unknown, path: string, field: string, service: string): Objection[] {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
  const found = objectionTo(value, path, composeFields[field], service);
  if (Array.isArray(value)) {
    const members = sections.has(`${field}[]`) ? value : [];
    return [
      ...found,
      ...members.flatMap((one, index) => objectionsIn(one, `${path}[${index}]`, `${field}[]`, service)),
    ];
  }
  if (typeof value !== 'object' || !sections.has(field)) return found;
  const dot = field === '' ? '' : '.';
  const inside = Object.entries(value).flatMap(([key, one]): Objection[] => {
    if (key.startsWith('x-')) return [];
    const where = `${path}${dot}${key}`;
    const known = [`${field}${dot}${key}`, `${field}${dot}*`].find(
      (name) => name in composeFields || sections.has(name),
    );
    if (known === undefined)
      return [{ path: where, handling: 'warned', why: 'unknown key; it is not heeded' }];
    return objectionsIn(one, where, known, known === 'services.*' ? key : service);
  });
  return [...found, ...inside];
}

function objectionTo(
  value: unknown,
  path: string,
  entry: ComposeField | undefined,
  service: string,
): Objection[] {
  if (!entry) return [];
  const { handling, what, objection, refuses = handling === 'refused' } = entry;
  const why = objection ? objection(value, service) : handling === 'honoured' ? undefined : what;
  return why === undefined ? [] : [{ path, handling: refuses ? 'refused' : 'warned', why }];
}
