/**
 * The fields of the Compose Specification (compose-spec/compose-spec, schema/compose-spec.json at 00655e2), by where they stand. What only
 * says more of a field that is not honoured is left out.
 */
const specification: Record<string, string> = {
  '': 'version name include services models networks volumes secrets configs',
  'services.*.':
    'develop deploy annotations attach build blkio_config cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count ' +
    'cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus cpuset credential_spec depends_on device_cgroup_rules ' +
    'devices dns dns_opt dns_search domainname entrypoint env_file label_file environment expose extends provider external_links ' +
    'extra_hosts gpus group_add healthcheck hostname image init ipc isolation labels links logging mac_address mem_limit mem_reservation ' +
    'mem_swappiness memswap_limit network_mode models networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start ' +
    'pre_stop privileged profiles pull_policy pull_refresh_after read_only restart runtime scale security_opt shm_size secrets sysctls ' +
    'stdin_open stop_grace_period stop_signal storage_opt tmpfs tty ulimits use_api_socket user uts userns_mode volumes volumes_from ' +
    'working_dir',
  'services.*.build.':
    'context dockerfile dockerfile_inline entitlements args ssh labels cache_from cache_to no_cache additional_contexts network pull target ' +
    'shm_size extra_hosts isolation privileged secrets tags ulimits platforms',
  'services.*.depends_on.*.': 'restart required condition',
  'services.*.env_file[].': 'path format required',
  'services.*.networks.*.':
    'aliases interface_name ipv4_address ipv6_address link_local_ips mac_address driver_opts priority gw_priority',
  'services.*.volumes[].': 'type source target read_only consistency bind volume tmpfs image',
  'services.*.volumes[].bind.': 'propagation create_host_path recursive selinux',
  'services.*.volumes[].volume.': 'labels nocopy subpath',
  'services.*.volumes[].tmpfs.': 'size mode',
  'services.*.volumes[].image.': 'subpath',
  'services.*.configs[].': 'source target uid gid mode',
  'services.*.healthcheck.': 'disable interval retries test timeout start_period start_interval',
  'services.*.deploy.':
    'mode endpoint_mode replicas labels rollback_config update_config resources restart_policy placement',
  'services.*.deploy.resources.': 'limits reservations',
  'services.*.deploy.resources.limits.': 'cpus memory pids',
  'services.*.deploy.resources.reservations.': 'cpus memory generic_resources devices',
  'services.*.deploy.restart_policy.': 'condition delay max_attempts window',
  'networks.*.': 'name driver driver_opts ipam external internal enable_ipv4 enable_ipv6 attachable labels',
  'volumes.*.': 'name driver driver_opts external labels',
  'configs.*.': 'name content environment file external labels template_driver',
};

/** The path of every field, sections left out of which the fields are named. */
export function specifiedFields(): string[] {
  const paths = Object.entries(specification).flatMap(([prefix, names]) =>
    names.split(' ').map((name) => `${prefix}${name}`),
  );
  return paths.filter((path) => !named(path));
}

/** A section is named by its fields; one that may be a text or a list too is named itself. */
const named = (path: string) =>
  Object.keys(specification).some(
    (prefix) => /^(\.|\.\*\.)$/.test(prefix.slice(path.length)) && prefix.startsWith(path),
  ) && !['build', 'depends_on', 'networks'].some((name) => path === `services.*.${name}`);
