"""One TCP connection of the trial."""

import asyncio
import socket
import struct

from firewall import TCP_PORT
from forward import open_forward
from protocol import Request, is_http, server_name

ORIGINAL_DESTINATION = 80
# Bytes of a connection that are reported to the host.
MAX_PAYLOAD_BYTES = 256 * 1024
# Connections open at a time; further ones are closed immediately.
MAX_OPEN = 256
# A connection without traffic for this long is closed.
IDLE_TIMEOUT_S = 3

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REASON = b"This host is not on the allowlist of the sandbox.\n"
FORBIDDEN = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
    % (len(REASON), REASON)
)


class Connection(asyncio.Protocol):
    def __init__(self, report, names, allowlist, resolver, open_connections):
        self.report = report
        self.names = names
        self.allowlist = allowlist
        self.resolver = resolver
        self.open_connections = open_connections
        self.payload = bytearray()
        self.size = 0
        self.protocol_fields = {"protocol": "tcp"}
        self.request = None
        self.is_parsed = False
        self.is_reported = False
        self.has_ended = False
        self.forward = None
        self.idle_timer = None
        self.verdict = "sunk"

    def connection_made(self, transport):
        self.report.activity += 1
        self.transport = transport
        packed = transport.get_extra_info("socket").getsockopt(socket.SOL_IP, ORIGINAL_DESTINATION, 16)
        self.port = struct.unpack("!H", packed[2:4])[0]
        self.address = socket.inet_ntoa(packed[4:8])
        self.name = self.names.name_of(self.address)
        if self.address.startswith("127.") and self.port == TCP_PORT:
            return transport.abort()
        self.open_connections.add(self)
        if self.allowlist is not None:
            self.verdict = "passed" if self.is_allowed() else "refused"
        if len(self.open_connections) > MAX_OPEN:
            return transport.close()
        if self.verdict == "passed":
            self.forward = open_forward(self, self.resolver)
        else:
            self.restart_idle_timer()

    def is_allowed(self):
        if self.name is not None:
            return self.allowlist.has_name(self.name)
        return self.allowlist.has_address(self.address)

    def restart_idle_timer(self):
        if self.idle_timer:
            self.idle_timer.cancel()
        self.idle_timer = asyncio.get_running_loop().call_later(IDLE_TIMEOUT_S, self.transport.close)

    def data_received(self, data):
        self.report.activity += 1
        self.is_reported = False
        self.payload += data[: MAX_PAYLOAD_BYTES - len(self.payload)]
        self.size += len(data)
        if not self.is_parsed:
            self.parse()
        if self.forward:
            self.forward.write(data)
            return
        self.restart_idle_timer()
        if self.request and self.request.is_whole(self.body_size(), data):
            self.transport.write(OK if self.verdict == "sunk" else FORBIDDEN)
            self.transport.close()
        elif self.protocol_fields["protocol"] == "tls":
            self.transport.close()

    def parse(self):
        if self.payload[:2] == b"\x16\x03":
            name = server_name(bytes(self.payload))
            if name is not None:
                self.is_parsed = True
                self.protocol_fields = {"protocol": "tls", "host": name or None}
            return
        http = is_http(bytes(self.payload))
        head, end, _ = self.payload.partition(b"\r\n\r\n")
        if http and end:
            self.is_parsed = True
            self.request = Request(bytes(head) + b"\r\n")
            self.protocol_fields = {
                "protocol": "http",
                "method": self.request.method,
                "host": self.request.host,
                "path": self.request.path,
            }
            self.before_body = len(head) + 4
            if self.request.expects_continue and not self.forward:
                self.transport.write(CONTINUE)
        elif http is False:
            self.is_parsed = True

    def body_size(self):
        return self.size - self.before_body if self.request else self.size

    def eof_received(self):
        self.has_ended = True
        if self.forward:
            self.forward.write_eof()
            return not self.forward.has_ended
        return False

    def pause_writing(self):
        if self.forward:
            self.forward.pause_reading()

    def resume_writing(self):
        if self.forward:
            self.forward.resume_reading()

    def connection_lost(self, _):
        self.report.activity += 1
        if self.idle_timer:
            self.idle_timer.cancel()
        if self.forward:
            self.forward.close()
        if self in self.open_connections:
            self.open_connections.discard(self)
            self.report_attempt()

    def report_attempt(self):
        """Reports what was received since the last report; a connection that stays open is reported in parts."""
        if self.is_reported:
            return
        self.is_reported = True
        size = self.body_size()
        self.report.attempt(
            bytes(self.payload),
            verdict=self.verdict,
            name=self.name,
            address=self.address,
            port=self.port,
            size=size,
            truncated=True if self.size > len(self.payload) else None,
            **self.protocol_fields,
        )
