"""What is neither TCP nor DNS: seen on the loopback device, where the wall has sent it, and left to die there."""

import socket

from wall import NAME_SERVER

IPV4 = 0x0800
UDP = 17
TCP = 6
LARGEST = 65535
# A burst waits here until it is read; what has no room is lost unseen.
WAITING_BYTES = 64 * 1024 * 1024
# Packets of a burst that are read before others get their turn; a settlement has a bounded number of turns.
AT_ONCE = 256


def watch_strays(loop, telling, verdict):
    watched = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(IPV4))
    watched.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), WAITING_BYTES)
    watched.bind(("lo", IPV4))
    watched.setblocking(False)
    loop.add_reader(watched, read_strays, watched, telling, verdict)


def read_strays(watched, telling, verdict):
    for _ in range(AT_ONCE):
        try:
            packet, (_, _, kind, *_) = watched.recvfrom(LARGEST)
        except BlockingIOError:
            return
        telling.activity += 1
        if kind != socket.PACKET_OUTGOING and len(packet) >= 20:
            tell_stray(packet, telling, verdict)


def tell_stray(packet, telling, verdict):
    protocol, address = packet[9], socket.inet_ntoa(packet[16:20])
    if protocol == TCP or address == NAME_SERVER or address.startswith("127."):
        return
    content = packet[(packet[0] & 15) * 4 :]
    if protocol == UDP and len(content) >= 8:
        port = int.from_bytes(content[2:4], "big")
        data = content[8:]
        telling.attempt(data, protocol="udp", verdict=verdict, address=address, port=port, size=len(data))
    else:
        telling.attempt(content, protocol="other", verdict=verdict, address=address, size=len(content))
