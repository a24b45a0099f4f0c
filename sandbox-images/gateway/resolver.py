"""The real addresses of allowed names, from the engine's name servers, over sockets that only the gateway can open."""

import asyncio
import ipaddress
import os
import socket
import struct

from firewall import MARK
from names import CLASS_IN, TYPE_A

TIMEOUT_S = 3


def marked(kind):
    opened = socket.socket(socket.AF_INET, kind)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, MARK)
    opened.setblocking(False)
    return opened


class Resolver:
    def __init__(self, servers):
        self.servers = servers

    async def address_of(self, name):
        """The first address of a name; OSError where no server has one."""
        for server in self.servers:
            try:
                return await asyncio.wait_for(ask(server, name), TIMEOUT_S)
            except (OSError, asyncio.TimeoutError):
                continue
        raise OSError("no address for %s" % name)


async def ask(server, name):
    loop = asyncio.get_running_loop()
    number = os.urandom(2)
    labels = b"".join(bytes([len(label)]) + label for label in name.encode("ascii").split(b"."))
    query = number + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, TYPE_A, CLASS_IN)
    with marked(socket.SOCK_DGRAM) as asked:
        await loop.sock_connect(asked, (server, 53))
        await loop.sock_sendall(asked, query)
        reply = await loop.sock_recv(asked, 4096)
    if reply[:2] != number:
        raise OSError("a reply to another question")
    return first_address(reply, len(query))


def first_address(reply, at):
    (count,) = struct.unpack("!H", reply[6:8])
    for _ in range(count):
        at = after_name(reply, at)
        kind, _, _, length = struct.unpack("!HHIH", reply[at : at + 10])
        at += 10
        if kind == TYPE_A and length == 4:
            return str(ipaddress.ip_address(reply[at : at + 4]))
        at += length
    raise OSError("no address in the reply")


def after_name(reply, at):
    while reply[at]:
        if reply[at] & 0xC0:
            return at + 2
        at += 1 + reply[at]
    return at + 1
