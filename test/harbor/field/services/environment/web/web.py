"""Answers GET and PUT of /orders/NUMBER from the database."""

import socket
import sys


def ask(*words):
    with socket.create_connection(("database", 6379), timeout=5) as connection:
        lines = ["*%d" % len(words)]
        for word in words:
            lines += ["$%d" % len(word), word]
        connection.sendall(("\r\n".join(lines) + "\r\n").encode())
        return connection.recv(4096).decode().split("\r\n")


def answer(lines):
    method, path = lines.readline().decode().split()[:2]
    size = 0
    while line := lines.readline().decode().strip():
        if line.lower().startswith("content-length:"):
            size = int(line.split(":")[1])
    number = path.split("/")[-1]
    if method == "PUT":
        ask("HSET", "orders", number, lines.read(size).decode())
    state = ask("HGET", "orders", number)[1]
    return "HTTP/1.0 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(state), state)


with socket.create_server(("", int(sys.argv[1]))) as server:
    while True:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(answer(lines).encode())
