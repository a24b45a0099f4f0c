"""Names: each one that is looked up gets an address of its own, which identifies it in later connections."""

import asyncio
import ipaddress
import struct

TYPE_A = 1
CLASS_IN = 1
QUERY_HEAD = 12
FIRST_ADDRESS = int(ipaddress.ip_address("198.18.0.2"))
ADDRESS_COUNT = 2**17 - 4


class Names:
    """Addresses of 198.18.0.0/15, which is not used on the internet; the oldest are reused when they run out."""

    def __init__(self):
        self.addresses = {}
        self.names = {}
        self.next = 0

    def address_of(self, name):
        if name not in self.addresses:
            address = str(ipaddress.ip_address(FIRST_ADDRESS + self.next % ADDRESS_COUNT))
            self.next += 1
            self.addresses.pop(self.names.get(address), None)
            self.addresses[name] = address
            self.names[address] = name
        return self.addresses[name]

    def name_of(self, address):
        return self.names.get(address)


def question_of(message):
    """Name, type and bytes of the question of a query; ValueError where it is no query with a plain name."""
    if len(message) < QUERY_HEAD or message[2] & 0x80:
        raise ValueError("not a query")
    labels, at = [], QUERY_HEAD
    while True:
        length = message[at] if at < len(message) else 64
        if length > 63:
            raise ValueError("not a plain name")
        at += 1
        if length == 0:
            break
        labels.append(message[at : at + length].decode("ascii", "replace"))
        at += length
    if at + 4 > len(message):
        raise ValueError("cut off")
    (kind,) = struct.unpack("!H", message[at : at + 2])
    return ".".join(labels).lower(), kind, message[QUERY_HEAD : at + 4]


def answer(message, question, address):
    """A reply with this address; without an answer where it is None."""
    records = b""
    if address is not None:
        records = struct.pack("!HHHIH", 0xC00C, TYPE_A, CLASS_IN, 1, 4) + ipaddress.ip_address(address).packed
    counts = struct.pack("!HHHH", 1, 1 if records else 0, 0, 0)
    return message[:2] + b"\x85\x80" + counts + question + records


class NameServer(asyncio.DatagramProtocol):
    def __init__(self, report, names, allowlist):
        self.report = report
        self.names = names
        self.allowlist = allowlist

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, client):
        self.report.activity += 1
        try:
            name, kind, question = question_of(data)
        except ValueError:
            self.report.attempt(data, protocol="dns", verdict=self.verdict(None), port=53, size=len(data))
            return
        self.report.attempt(data, protocol="dns", verdict=self.verdict(name), name=name, port=53, size=len(data))
        address = self.names.address_of(name) if kind == TYPE_A else None
        self.transport.sendto(answer(data, question, address), client)

    def verdict(self, name):
        if self.allowlist is None:
            return "sunk"
        return "passed" if name is not None and self.allowlist.has_name(name) else "refused"
