"""Packets that are neither TCP nor DNS: the firewall sends them to the loopback device, where they are reported and dropped."""

import socket

from firewall import NAME_SERVER

IPV4 = 0x0800
UDP = 17
TCP = 6
MAX_PACKET_BYTES = 65535
# A burst waits in this buffer until it is read; packets that do not fit are lost without being reported.
RECEIVE_BUFFER_BYTES = 64 * 1024 * 1024
# Packets read in one turn of the event loop; the host waits for a bounded number of turns.
PACKETS_PER_TURN = 256


def watch_unexpected(loop, report, verdict):
    watched = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(IPV4))
    watched.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), RECEIVE_BUFFER_BYTES)
    watched.bind(("lo", IPV4))
    watched.setblocking(False)
    loop.add_reader(watched, read_packets, watched, report, verdict)


def read_packets(watched, report, verdict):
    for _ in range(PACKETS_PER_TURN):
        try:
            packet, (_, _, kind, *_) = watched.recvfrom(MAX_PACKET_BYTES)
        except BlockingIOError:
            return
        report.activity += 1
        if kind != socket.PACKET_OUTGOING and len(packet) >= 20:
            report_packet(packet, report, verdict)


def report_packet(packet, report, verdict):
    protocol, address = packet[9], socket.inet_ntoa(packet[16:20])
    if protocol == TCP or address == NAME_SERVER or address.startswith("127."):
        return
    content = packet[(packet[0] & 15) * 4 :]
    if protocol == UDP and len(content) >= 8:
        port = int.from_bytes(content[2:4], "big")
        data = content[8:]
        report.attempt(data, protocol="udp", verdict=verdict, address=address, port=port, size=len(data))
    else:
        report.attempt(content, protocol="other", verdict=verdict, address=address, size=len(content))
