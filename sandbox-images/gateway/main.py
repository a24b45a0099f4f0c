"""The gateway of one trial: everything that the trial sends out ends here, and is reported to the host.

Called with one argument, JSON {"mode": "sink" | "allowlist", "allow": [hosts], "subnets": [networks of the trial's services]}. In `sink` it answers everything and lets
nothing out; in `allowlist` it forwards connections to the named hosts and refuses the rest. It writes lines of JSON:
{"ready": true} once, {"attempt": {...}, "payload": base64} for each attempt, and {"settled": true} for each line that it
reads, after everything that was sent before that line has been reported. It exits when its input ends.
"""

import asyncio
import json
import socket
import sys

from allow import Allowlist
from connection import Connection
from firewall import DNS_PORT, TCP_PORT, build_firewall, upstream_nameservers
from names import NameServer, Names
from report import Report
from resolver import Resolver
from unexpected import watch_unexpected

# Rounds of the event loop within which a waiting connection is accepted, opened and read.
ROUNDS = 8
# A flood must not keep the host waiting.
MAX_ROUNDS = 400


async def settle(report, connections):
    for _ in range(MAX_ROUNDS // ROUNDS):
        before = report.activity
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        if report.activity == before:
            break
    for connection in list(connections):
        connection.report_attempt()
    report.settled()


async def main(mode, allow, subnets):
    loop = asyncio.get_running_loop()
    report = Report(sys.stdout)
    names = Names()
    allowlist = Allowlist(allow) if mode == "allowlist" else None
    resolver = Resolver(upstream_nameservers())
    connections = set()
    await loop.create_server(
        lambda: Connection(report, names, allowlist, resolver, connections),
        "127.0.0.1",
        TCP_PORT,
        backlog=512,
    )
    await loop.create_datagram_endpoint(
        lambda: NameServer(report, names, allowlist), local_addr=("127.0.0.1", DNS_PORT)
    )
    watch_unexpected(loop, report, "refused" if allowlist else "sunk")
    build_firewall(subnets)
    report.ready()

    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while await commands.readline():
        await settle(report, connections)


if __name__ == "__main__":
    socket.setdefaulttimeout(10)
    config = json.loads(sys.argv[1])
    asyncio.run(main(config["mode"], config.get("allow", []), config.get("subnets", [])))
