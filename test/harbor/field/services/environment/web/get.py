"""Ends well where the address given answers."""

import socket
import sys

host, path = sys.argv[1].removeprefix("http://").split("/", 1)
name, port = host.split(":")
with socket.create_connection((name, int(port)), timeout=5) as connection:
    connection.sendall(("GET /%s HTTP/1.0\r\n\r\n" % path).encode())
    sys.exit(not connection.recv(100).startswith(b"HTTP/1.0 200"))
