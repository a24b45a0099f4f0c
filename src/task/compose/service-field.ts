import { under } from '../harbor/field.ts';
import {
  type ComposeField,
  type ComposeSection,
  honoured,
  onlyOf,
  refused,
  warned,
  within,
} from './field.ts';

const off = [false, 'false'];

/** What no service may have: it would lead out of the trial. */
const outside = (what: string): ComposeField => refused(what);

/** Capabilities that a service may have: the engine's own, and such as reach no further than the container. */
const capabilities = new Set(
  (
    'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT ' +
    'IPC_LOCK NET_ADMIN SYS_NICE SYS_PTRACE'
  ).split(' '),
);

const capability: ComposeField['objection'] = (value, service) => {
  if (service === 'main') return undefined;
  const wanted = (Array.isArray(value) ? value : []).map((one) =>
    String(one).replace(/^CAP_/i, '').toUpperCase(),
  );
  const beyond = wanted.filter((one) => !capabilities.has(one));
  return beyond.length === 0 ? undefined : `${beyond.join(', ')} would lead out of the container`;
};

const ofMain =
  (why: string): ComposeField['objection'] =>
  (_, service) =>
    service === 'main' ? why : undefined;

const networkMode: ComposeField['objection'] = (value, service) => {
  if (value === 'none') return undefined;
  if (service !== 'main' && /^service:(?!main$)./.test(String(value))) return undefined;
  return `"${value}" is not a network of the trial; expected "none" or, of a service, "service:NAME"`;
};

const securityOption: ComposeField['objection'] = (value) => {
  const options = Array.isArray(value) ? value.map(String) : [];
  const looser = options.find((one) => !/^(no-new-privileges([:=]true)?|label[:=].*)$/.test(one));
  return looser === undefined
    ? undefined
    : `${looser} would loosen the container; expected no-new-privileges`;
};

const sysctl: ComposeField['objection'] = (value) => {
  const names = Array.isArray(value)
    ? value.map((one) => String(one).split('=')[0] ?? '')
    : Object.keys(value ?? {});
  const beyond = names.find((name) => !/^(net\.|kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(name));
  return beyond === undefined ? undefined : `${beyond} is the whole machine’s`;
};

const extraHost: ComposeField['objection'] = (value) =>
  JSON.stringify(value).includes('host-gateway')
    ? 'host-gateway would lead to the machine itself'
    : undefined;

const platform: ComposeField['objection'] = (value) => {
  const own = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return String(value).startsWith(own) ? undefined : `images are those of this machine, ${own}`;
};

const build: ComposeSection = {
  context: honoured('a folder of `environment/`'),
  dockerfile: honoured('a file of the context'),
  dockerfile_inline: refused('put it into a file'),
  args: honoured('build arguments; one without a value is taken from Proctor’s own environment'),
  target: honoured('the stage that is built'),
  additional_contexts: refused('put the files into the context'),
  ssh: outside('a build has no keys'),
  secrets: outside('a build has no secrets'),
  privileged: refused('a build has no rights beyond its container', onlyOf(off, 'a build is not privileged')),
  entitlements: outside('a build has no rights beyond its container'),
  labels: warned('not put on the image'),
  cache_from: honoured('the engine’s own cache is used'),
  cache_to: honoured('the engine’s own cache is used'),
  no_cache: warned('an image is built once for what is in its context'),
  pull: warned('an image is built once for what is in its context'),
  network: warned('builds have the engine’s network'),
  shm_size: warned('builds have the engine’s own limits'),
  ulimits: warned('builds have the engine’s own limits'),
  extra_hosts: warned('builds have the engine’s network'),
  isolation: warned('images are Linux'),
  platforms: warned('images are those of this machine', (value) =>
    (Array.isArray(value) ? value : []).map((one) => platform?.(one, '')).find(Boolean),
  ),
  tags: honoured('images have names of Proctor’s own'),
};

const healthcheck: ComposeSection = {
  test: honoured('run by the engine; a service that never passes it is an infrastructure error'),
  interval: honoured('time between two checks; while a service starts it is also checked sooner'),
  timeout: honoured('time of one check'),
  retries: honoured('failures in a row that are too many'),
  start_period: honoured('failures in it do not count'),
  start_interval: honoured('time between two checks while the service starts'),
  disable: honoured('the image’s own check is not run'),
};

const mount: ComposeSection = {
  type: honoured('`bind`, `volume` or `tmpfs`'),
  source: honoured('a volume of the trial, or what lies below `environment/`'),
  target: honoured('where it is mounted'),
  read_only: honoured('a folder or volume cannot be written to'),
  consistency: honoured('mounts are consistent'),
  'bind.propagation': warned('nothing of the machine is mounted'),
  'bind.create_host_path': honoured('a folder that is not there is an empty one of the trial'),
  'bind.recursive': honoured('nothing of the machine is mounted'),
  'bind.selinux': honoured('nothing of the machine is mounted'),
  'volume.nocopy': honoured('leaves out what the image has there'),
  'volume.labels': honoured('volumes have Proctor’s labels'),
  'volume.subpath': refused('mount the whole volume'),
  'tmpfs.size': honoured('its most bytes'),
  'tmpfs.mode': honoured('its permissions'),
  'image.subpath': refused('images are not mounted'),
};

const deploy: ComposeSection = {
  'resources.limits.cpus': honoured('limit of the container'),
  'resources.limits.memory': honoured('limit of the container'),
  'resources.limits.pids': honoured('limit of the container'),
  'resources.reservations.cpus': honoured('nothing is reserved'),
  'resources.reservations.memory': honoured('nothing is reserved'),
  'resources.reservations.generic_resources': warned('containers have no devices'),
  'resources.reservations.devices': warned('containers have no GPU'),
  'restart_policy.condition': honoured('as `restart`'),
  'restart_policy.max_attempts': honoured('as of `restart: on-failure`'),
  'restart_policy.delay': warned('the engine waits a little longer each time'),
  'restart_policy.window': warned('the engine waits a little longer each time'),
  replicas: refused('a service is one container', onlyOf([1, '1'], 'a service is one container')),
  mode: refused('a service is one container', onlyOf(['replicated'], 'a service is one container')),
  endpoint_mode: honoured('a service is one container'),
  labels: honoured('of a service, not of its container'),
  placement: honoured('there is one machine'),
  rollback_config: honoured('services are not updated'),
  update_config: honoured('services are not updated'),
};

const network: ComposeSection = {
  aliases: honoured('further names in that network'),
  ipv4_address: refused('two trials at once could not have the same address; use names'),
  ipv6_address: refused('two trials at once could not have the same address; use names'),
  link_local_ips: refused('two trials at once could not have the same address; use names'),
  interface_name: warned('the engine’s choice'),
  mac_address: warned('the engine’s choice'),
  driver_opts: warned('the engine’s own are used'),
  priority: warned('networks are joined in their order in the file'),
  gw_priority: warned('networks are joined in their order in the file'),
};

/** Fields of a service, `main` among them. */
export const serviceFields: ComposeSection = {
  image: honoured(
    'used as it is, pulled where it is missing; see `--image-map`. Where there is `build` it is a name that nothing needs',
  ),
  build: honoured('a folder of `environment/` with a Dockerfile'),
  ...under('build.', build),
  command: honoured('of `main`, started as the image’s ENTRYPOINT is where it is more than to stay'),
  entrypoint: honoured('as `command`'),
  environment: honoured('variables; one without a value is taken from Proctor’s own environment'),
  env_file: honoured('files of `environment/`'),
  'env_file[].path': honoured('files of `environment/`'),
  'env_file[].required': honoured('false where it may be missing'),
  'env_file[].format': warned('read as the usual one'),
  depends_on: honoured('started before; every service is started before the agent'),
  'depends_on.*.condition': honoured(
    '`service_started`, `service_healthy` or `service_completed_successfully`',
  ),
  'depends_on.*.required': honoured('false where it may be missing'),
  'depends_on.*.restart': warned('restarts are not passed on'),
  links: honoured('started before, and known by the second name'),
  ...under('healthcheck.', healthcheck),
  networks: honoured('else `default`'),
  ...under('networks.*.', network),
  network_mode: within('`none` or, of a service, `service:NAME`', networkMode),
  expose: honoured('every port of a service can be reached by the others in its networks'),
  ports: warned('not published on the machine; the others reach the service by its name'),
  extra_hosts: within('addresses of names', extraHost),
  hostname: honoured('of the container'),
  domainname: honoured('of the container'),
  container_name: honoured('a further name in its networks; containers have names of Proctor’s own'),
  volumes: honoured(
    'volumes of the trial, or what lies below `environment/`, of which each trial has a copy',
  ),
  ...under('volumes[].', mount),
  tmpfs: honoured('mounted in memory'),
  configs: honoured('files of `environment/`, put in before the start'),
  'configs[].source': honoured('one of `configs`'),
  'configs[].target': honoured('where it is put'),
  'configs[].mode': honoured('its permissions'),
  'configs[].uid': warned('files belong to root'),
  'configs[].gid': warned('files belong to root'),
  secrets: outside('a trial has no secrets; use `environment` with made-up values'),
  user: honoured('of `main`, the agent’s user unless task.toml names one'),
  working_dir: honoured('of `main`, the workdir unless task.toml names one'),
  group_add: honoured('further groups'),
  init: honoured('an init process; `main` has one in any case'),
  read_only: honoured('nothing but mounts can be written to', ofMain('the sandbox has to be written to')),
  restart: honoured('as the engine does it', ofMain('the sandbox is not restarted')),
  ...under('deploy.', deploy),
  cpus: honoured('limit of the container'),
  mem_limit: honoured('limit of the container'),
  pids_limit: honoured('limit of the container'),
  shm_size: honoured('size of /dev/shm'),
  ulimits: honoured('limits of its processes'),
  sysctls: within('parameters of its own network and memory', sysctl),
  cap_add: within('some; not of `main`, whose capabilities are those of its isolation', capability),
  cap_drop: honoured('not of `main`, whose capabilities are those of its isolation'),
  security_opt: within('`no-new-privileges`', securityOption),
  labels: honoured('beside Proctor’s own'),
  annotations: honoured('nothing reads them'),
  stdin_open: honoured('of services'),
  tty: honoured('of services'),
  stop_signal: honoured('of services'),
  stop_grace_period: warned('containers are removed when the trial is over'),
  profiles: honoured('a service with profiles is left out'),
  platform: warned('images are those of this machine', platform),
  pull_policy: warned(
    'an image is pulled where it is missing',
    onlyOf(['missing', 'if_not_present', 'build', 'never'], 'an image is pulled where it is missing'),
  ),
  pull_refresh_after: warned('an image is pulled where it is missing'),
  attach: honoured('what services print is kept by the engine'),
  logging: warned('the last megabyte of what a service prints is kept'),
  label_file: warned('not read'),
  develop: honoured('nothing is watched'),
  pre_stop: warned('containers are removed when the trial is over'),
  post_start: refused('use `command` or a service that others wait for'),
  scale: refused('a service is one container', onlyOf([1, '1'], 'a service is one container')),
  extends: refused('write the service out'),
  privileged: refused(
    'nothing leads out of the trial',
    onlyOf(off, 'a privileged container is not isolated'),
  ),
  use_api_socket: refused(
    'nothing leads out of the trial',
    onlyOf(off, 'who has the engine has the machine'),
  ),
  devices: outside('containers have no devices of the machine'),
  device_cgroup_rules: outside('containers have no devices of the machine'),
  gpus: warned('containers have no GPU'),
  pid: outside('a container’s processes are its own'),
  ipc: refused(
    'a container’s memory is its own',
    onlyOf(['private', 'shareable', 'none'], 'a container’s memory is its own'),
  ),
  uts: outside('a container’s name is its own'),
  userns_mode: outside('users are the engine’s choice'),
  cgroup: refused('a container’s group is its own', onlyOf(['private'], 'a container’s group is its own')),
  cgroup_parent: outside('a container’s group is its own'),
  volumes_from: refused('name the volumes'),
  external_links: outside('a trial knows no other containers'),
  credential_spec: outside('containers are Linux'),
  provider: outside('services are containers'),
  models: outside('the agent’s model is Proctor’s to ask'),
  runtime: warned('containers have that of `--runtime`'),
  isolation: warned('containers are Linux'),
  mac_address: warned('the engine’s choice'),
  dns: warned('names are those of the trial'),
  dns_opt: warned('names are those of the trial'),
  dns_search: warned('names are those of the trial'),
  mem_reservation: honoured('nothing is reserved'),
  mem_swappiness: warned('containers do not swap'),
  memswap_limit: warned('containers do not swap'),
  oom_kill_disable: warned('who takes too much memory is killed'),
  oom_score_adj: warned('who takes too much memory is killed'),
  cpu_count: warned('use `cpus`'),
  cpu_percent: warned('use `cpus`'),
  cpu_period: warned('use `cpus`'),
  cpu_quota: warned('use `cpus`'),
  cpu_rt_period: warned('use `cpus`'),
  cpu_rt_runtime: warned('use `cpus`'),
  cpu_shares: warned('use `cpus`'),
  cpuset: warned('use `cpus`'),
  blkio_config: warned('disks are not shared out'),
  storage_opt: warned('how much is written is looked at, not limited'),
};
