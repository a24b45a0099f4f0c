"""The protocol of a connection by its first bytes: HTTP, TLS, or something else."""

import re

REQUEST = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.[01]\r\n")
MAX_HEAD_BYTES = 65536


def is_http(data):
    """Whether it is an HTTP request; None where too few bytes have arrived."""
    line = data[:MAX_HEAD_BYTES].split(b"\n", 1)
    if len(line) == 2:
        return REQUEST.match(data) is not None
    return None if re.match(rb"[A-Z]{1,12}( |$)", data) and len(data) < MAX_HEAD_BYTES else False


class Request:
    """The head of an HTTP request."""

    def __init__(self, head):
        self.method, path = (part.decode("latin-1") for part in REQUEST.match(head).groups())
        fields = dict(
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
        )
        self.host = fields.get("host")
        self.path = path
        self.expects_continue = fields.get("expect", "").lower() == "100-continue"
        self.chunked = "chunked" in fields.get("transfer-encoding", "").lower()
        length = fields.get("content-length", "")
        self.length = int(length) if length.isdigit() else 0

    def is_whole(self, size, tail):
        return tail.endswith(b"0\r\n\r\n") if self.chunked else size >= self.length


def server_name(data):
    """The server's name in a TLS ClientHello; None where too few bytes have arrived, "" where there is none."""
    if len(data) < 5:
        return None
    end = 5 + int.from_bytes(data[3:5], "big")
    if len(data) < end:
        return None
    try:
        return server_name_of(memoryview(data)[9:end])
    except (IndexError, ValueError):
        return ""


def server_name_of(hello):
    at = 2 + 32
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at : at + 2], "big")
    at += 1 + hello[at]
    at += 2
    while at + 4 <= len(hello):
        kind = int.from_bytes(hello[at : at + 2], "big")
        length = int.from_bytes(hello[at + 2 : at + 4], "big")
        if kind == 0:
            return bytes(hello[at + 9 : at + 4 + length]).decode("ascii", "replace").lower()
        at += 4 + length
    return ""
