"""Packets without the gateway's mark go to the loopback device and no further, but for those to the trial's own services.

Setting the mark needs NET_ADMIN, which the trial's container does not have.
"""

import subprocess

TCP_PORT = 15001
DNS_PORT = 15053
MARK = 80
NAME_SERVER = "198.18.0.1"

SANDBOX_TABLE = "100"
REDIRECTS = [
    "-p udp --dport 53 -j REDIRECT --to-ports %d" % DNS_PORT,
    "-p tcp --dport 53 ! -d 127.0.0.0/8 -j REDIRECT --to-ports %d" % TCP_PORT,
    "-p tcp ! -d 127.0.0.0/8 -j REDIRECT --to-ports %d" % TCP_PORT,
]


def run(command):
    return subprocess.run(command.split(), capture_output=True, text=True)


def require(command):
    done = run(command)
    if done.returncode != 0:
        raise SystemExit("gateway: %s: %s" % (command, done.stderr.strip()))


def tables():
    """The variant of iptables that this kernel supports."""
    for program in ("iptables-nft", "iptables-legacy"):
        if run("%s -w -t nat -L OUTPUT -n" % program).returncode == 0:
            return program
    raise SystemExit("gateway: the kernel offers no NAT table (neither nf_tables nor ip_tables)")


def upstream_nameservers():
    """The engine's name servers; to be read before /etc/resolv.conf is replaced."""
    with open("/etc/resolv.conf") as file:
        words = [line.split() for line in file]
    return [line[1] for line in words if line[:1] == ["nameserver"] and ":" not in line[1]]


def build_firewall(subnets):
    iptables = tables()
    require("ip addr add %s/32 dev lo" % NAME_SERVER)
    require("ip route add default dev lo src %s table %s" % (NAME_SERVER, SANDBOX_TABLE))
    require("ip rule add not fwmark %d lookup %s" % (MARK, SANDBOX_TABLE))
    require("%s -w -t nat -A OUTPUT -m mark --mark %d -j RETURN" % (iptables, MARK))
    for subnet in subnets:
        require("ip rule add to %s lookup main" % subnet)
        require("%s -w -t nat -A OUTPUT -d %s -j RETURN" % (iptables, subnet))
        require("%s -w -A INPUT -s %s -j ACCEPT" % (iptables, subnet))
        require("%s -w -A OUTPUT -d %s -j ACCEPT" % (iptables, subnet))
    for rule in REDIRECTS:
        require("%s -w -t nat -A OUTPUT %s" % (iptables, rule))
    require("%s -w -A INPUT -i lo -j ACCEPT" % iptables)
    require("%s -w -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT" % iptables)
    require("%s -w -P INPUT DROP" % iptables)
    require("%s -w -A OUTPUT ! -o lo -m mark ! --mark %d -j DROP" % (iptables, MARK))
    with open("/etc/resolv.conf", "w") as file:
        file.write("nameserver %s\noptions timeout:2 attempts:1\n" % NAME_SERVER)
