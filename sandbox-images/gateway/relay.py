"""Hands connections to ports of the loopback device over to the host, through this process's standard streams.

It shares the network of a trial's sandbox, and nothing else of it. In both directions go frames: a letter, an id and a
length of four bytes each (big endian), and as many bytes. From the host: L listens (id of the listener; its port), C stops
that. To the host: L it listens now (the port), F it can't (why), O a new connection (its id; the listener's id). Both ways,
with a connection's id: D data, E no more data, R it is gone, W so many more bytes may be sent. It exits when its input ends.
"""

import asyncio
import os
import socket
import struct
import sys

HEADER = struct.Struct(">cII")
NUMBER = struct.Struct(">I")
# Closing sends a reset, so that a program does not take it for the end of an answer.
RESET = struct.pack("ii", 1, 0)
# Bytes of a connection that may be on their way to the host or from it.
WINDOW = 256 * 1024
MAX_DATA = 64 * 1024
MAX_CONNECTIONS = 256

connections = {}
last_id = 0


def send(kind, number, payload=b""):
    data = memoryview(HEADER.pack(kind, number, len(payload)) + payload)
    while data:
        data = data[os.write(1, data) :]


class Connection(asyncio.Protocol):
    def __init__(self, listener):
        self.listener = listener
        self.credit = WINDOW
        # Bytes that were taken from the host and not yet by the program.
        self.untaken = 0
        self.is_full = False
        self.ended = set()

    def connection_made(self, transport):
        global last_id
        self.transport = transport
        if len(connections) >= MAX_CONNECTIONS:
            self.number = None
            self.reset()
            return
        last_id += 1
        self.number = last_id
        connections[self.number] = self
        send(b"O", self.number, NUMBER.pack(self.listener))

    def data_received(self, data):
        self.credit -= len(data)
        if self.credit <= 0:
            self.transport.pause_reading()
        for start in range(0, len(data), MAX_DATA):
            send(b"D", self.number, bytes(data[start : start + MAX_DATA]))

    def eof_received(self):
        send(b"E", self.number)
        self.end("program")
        return True

    def connection_lost(self, _):
        if connections.pop(self.number, None):
            send(b"R", self.number)

    def pause_writing(self):
        self.is_full = True

    def resume_writing(self):
        self.is_full = False
        self.grant()

    def grant(self):
        if self.untaken and not self.is_full:
            send(b"W", self.number, NUMBER.pack(self.untaken))
            self.untaken = 0

    def end(self, side):
        self.ended.add(side)
        if len(self.ended) == 2:
            connections.pop(self.number, None)
            self.transport.close()

    def reset(self):
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()

    def take(self, kind, payload):
        if kind == b"D":
            self.untaken += len(payload)
            self.transport.write(payload)
            self.grant()
        elif kind == b"W":
            self.credit += NUMBER.unpack(payload)[0]
            if self.credit > 0 and "program" not in self.ended:
                self.transport.resume_reading()
        elif kind == b"E":
            if self.transport.can_write_eof() and not self.transport.is_closing():
                self.transport.write_eof()
            self.end("host")
        elif kind == b"R":
            connections.pop(self.number, None)
            self.reset()


async def listen(number, port):
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(lambda: Connection(number), "127.0.0.1", port, backlog=512)
    except OSError as error:
        send(b"F", number, os.strerror(error.errno).encode())
        return None
    send(b"L", number, NUMBER.pack(server.sockets[0].getsockname()[1]))
    return server


async def main():
    loop = asyncio.get_running_loop()
    frames = asyncio.StreamReader(limit=4 * MAX_DATA)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(frames), sys.stdin)
    listeners = {}
    while True:
        kind, number, length = HEADER.unpack(await frames.readexactly(HEADER.size))
        payload = await frames.readexactly(length)
        if kind == b"L":
            listeners[number] = await listen(number, NUMBER.unpack(payload)[0])
        elif kind == b"C":
            server = listeners.pop(number, None)
            if server:
                server.close()
        elif number in connections:
            connections[number].take(kind, payload)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (asyncio.IncompleteReadError, BrokenPipeError):
        sys.exit(0)
