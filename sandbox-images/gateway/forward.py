"""Forwards a connection to an allowed host."""

import asyncio
import socket

from resolver import marked

CONNECT_TIMEOUT_S = 10


def open_forward(connection, resolver):
    forward = Forward(connection)
    forward.opening = asyncio.ensure_future(forward.open(resolver))
    return forward


class Forward(asyncio.Protocol):
    def __init__(self, connection):
        self.connection = connection
        self.transport = None
        self.early = []
        self.has_ended = False

    async def open(self, resolver):
        connection = self.connection
        loop = asyncio.get_running_loop()
        outward = marked(socket.SOCK_STREAM)
        try:
            name, address = connection.name, connection.address
            target = address if name is None else await resolver.address_of(name)
            await asyncio.wait_for(loop.sock_connect(outward, (target, connection.port)), CONNECT_TIMEOUT_S)
            await loop.create_connection(lambda: self, sock=outward)
        except (OSError, asyncio.TimeoutError):
            outward.close()
            connection.transport.abort()

    def connection_made(self, transport):
        self.transport = transport
        for data in self.early:
            transport.write(data)
        if self.connection.has_ended:
            transport.write_eof()

    def write(self, data):
        if self.transport:
            self.transport.write(data)
        else:
            self.early.append(data)

    def write_eof(self):
        if self.transport:
            self.transport.write_eof()

    def data_received(self, data):
        self.connection.transport.write(data)

    def eof_received(self):
        self.has_ended = True
        self.connection.transport.write_eof()
        return not self.connection.has_ended

    def pause_writing(self):
        self.connection.transport.pause_reading()

    def resume_writing(self):
        self.connection.transport.resume_reading()

    def pause_reading(self):
        if self.transport:
            self.transport.pause_reading()

    def resume_reading(self):
        if self.transport:
            self.transport.resume_reading()

    def connection_lost(self, _):
        self.connection.transport.close()

    def close(self):
        self.opening.cancel()
        if self.transport:
            self.transport.close()
