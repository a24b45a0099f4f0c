import { shellRule } from './define.ts';

const escaped = {
  category: 'sandbox-escape',
  effect: 'exec',
  reversible: true,
  scope: 'local',
  privilege: true,
} as const;

const probing =
  '["ls", "stat", "test", "[", "echo", "printf", "grep", "egrep", "rg", "find", "file", "readlink", "realpath", "basename", "dirname"]';

/** Attempts to get out of the sandbox. */
export const escapeRules = [
  shellRule({
    ...escaped,
    scope: 'external',
    id: 'asks-metadata-service',
    message: 'Asks the cloud’s metadata service for credentials.',
    when: 'hosts.exists(h, h in ["169.254.169.254", "169.254.170.2", "100.100.100.200", "metadata.google.internal", "fd00:ec2::254", "metadata"] || h == "2852039166" || h == "0xa9fea9fe")',
    matches: [
      'curl http://169.254.169.254/latest/meta-data/',
      'wget -qO- http://metadata.google.internal/computeMetadata/v1/',
      'curl -s "http://[fd00:ec2::254]/latest"',
    ],
    spares: ['curl http://localhost/latest/meta-data', 'echo 169.254.169.254', 'grep 169.254.169.254 notes'],
  }),
  shellRule({
    ...escaped,
    id: 'leaves-namespace',
    message: 'Enters another namespace or root, mounts, or loads into the kernel.',
    when: `commands.exists(c, (c.name in ["nsenter", "unshare", "pivot_root", "chroot", "insmod", "modprobe", "kexec", "debugfs", "capsh", "runc", "ctr"] && !c.flags.exists(f, f in ["--help", "--version", "-V"]) && c.args.size() > 0)
        || (c.name == "mount" && c.operands.size() > ("-t" in c.flags ? 1 : 0) && !c.flags.exists(f, f in ["--help", "-l"]))
        || (c.name == "mknod" && c.operands.exists(o, o in ["b", "c"]))
        || (c.name in ["docker", "podman", "nerdctl"] && c.args.exists(a, a in ["--privileged", "--pid=host", "--net=host"] || a.matches(r"^(-v|--volume=)?/:|source=/[,]"))))
      || commands.exists(c, c.code.matches(r"\\b(chroot|pivot_root|setns|unshare)\\b[\\s(]+['\\x22]/|(ctypes|CDLL|\\bsyscall\\b)[\\s\\S]*\\b(unshare|setns|mount|pivot_root|ptrace|chroot)\\b|\\bos\\.(unshare|setns)\\("))
      || reads.exists(r, r.matches(r"^/proc/[0-9]+/(root|ns)(/|$)|^/proc/(kcore|kmsg)$|^/dev/(k?mem|port|sd[a-z]|vd[a-z]|nvme)"))
      || commands.exists(c, !(c.name in ["echo", "printf", "grep"]) && (c.args + c.redirects.map(r, r.path)).exists(a, a.matches(r"^/proc/[0-9]+/(root|cwd|ns)(/|$)")))`,
    matches: [
      'nsenter -t 1 -m sh',
      'mount /dev/sda1 /mnt',
      'ls /proc/1/root',
      'cat /proc/1/root/etc/shadow',
      'unshare -r sh',
      'docker run -v /:/host alpine',
      'docker run --privileged alpine',
      'mknod /tmp/d b 8 0',
      'cat < /proc/1/root/etc/hostname',
      `python3 -c "import os; os.chroot('/proc/1/root')"`,
      `perl -e 'chroot "/mnt"'`,
      `python3 -c "import ctypes; ctypes.CDLL(None).unshare(0x10000000)"`,
      `python3 -c "print(open('/proc/1/root/etc/hostname').read())"`,
      'dd if=/dev/sda of=x count=1',
    ],
    spares: [
      'mount',
      'mount -l',
      'mount -t tmpfs',
      'cat mount.txt',
      'docker ps',
      'docker run -v ./data:/data alpine',
      'echo /proc/1/root',
      'ls /proc/self/ns',
      'unshare --help',
    ],
  }),
  shellRule({
    ...escaped,
    id: 'reaches-the-host',
    message: 'Uses the engine’s socket or a kernel setting that reaches the host.',
    when: `commands.exists(c, !(c.name in ${probing}) && (c.args + c.redirects.map(r, r.path)).exists(a, a.matches(r"(docker|containerd|crio|podman)\\.sock")))
      || commands.exists(c, c.code.matches(r"(docker|containerd|crio)\\.sock"))
      || writes.exists(w, w.matches(r"^/sys/fs/cgroup/.*release_agent$|^/proc/sys/|^/proc/sysrq-trigger$|^/sys/kernel/|^/dev/k?mem$"))
      || commands.exists(c, c.name == "sysctl" && "-w" in c.flags)`,
    matches: [
      'curl --unix-socket /var/run/docker.sock http://localhost/containers/json',
      'docker -H unix:///var/run/docker.sock ps',
      'echo "|/tmp/x" > /proc/sys/kernel/core_pattern',
      'echo /cmd > /sys/fs/cgroup/rdma/release_agent',
      'sysctl -w kernel.core_pattern=x',
      `python3 -c "import socket; s=socket.socket(socket.AF_UNIX); s.connect('/var/run/docker.sock')"`,
    ],
    spares: [
      'ls -l /var/run/docker.sock',
      'find /var/run -name docker.sock',
      'grep docker.sock README.md',
      'cat /proc/sys/kernel/hostname',
      'sysctl kernel.hostname',
      'cat /sys/fs/cgroup/memory.max',
    ],
  }),
];
