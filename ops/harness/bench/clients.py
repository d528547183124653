"""A small FTPS client that costs little: files, listings, logins, idle sessions."""

import os
import socket
import ssl
from typing import NamedTuple, Protocol

from harness.ftps import unverified
from harness.waiting import together

TIMEOUT = 60
PARALLEL = 120
"""Seconds in which downloads at the same time must end."""


class Account(Protocol):
    """The port of a server, and the user that logs in there."""

    @property
    def port(self) -> int:
        ...

    user: str
    password: str


class Moved(NamedTuple):
    """Bytes of a file, and whether its data connection resumed the TLS session."""

    size: int
    resumed: bool


class Facts(NamedTuple):
    """The version of TLS of a control connection, and whether it resumed a session."""

    version: str | None
    resumed: bool


def context() -> ssl.SSLContext:
    made = unverified()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


class Refused(Exception):
    """A server did not do what it was asked."""


class Ftps:
    """One logged-in control connection."""

    def __init__(self, port: int, user: str, password: str, tls: ssl.SSLContext, source: str | None = None) -> None:
        """@param source: the address that it comes from; raises Refused, OSError"""
        self.tls = tls
        raw = socket.create_connection(("127.0.0.1", port), TIMEOUT, source_address=(source, 0) if source else None)
        self.stream, self.buffer = raw, b""
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.expect("220")
            self.command("AUTH TLS", "234")
            self.stream = self.socket = tls.wrap_socket(raw)
            if self.command("USER " + user, "2", "3").startswith("3"):
                self.command("PASS " + password, "230")
            self.command("PBSZ 0", "200")
            self.command("PROT P", "200")
        except Exception:
            self.stream.close()
            raise

    def line(self) -> str:
        while b"\n" not in self.buffer:
            got = self.stream.recv(4096)
            if not got:
                raise Refused("connection closed")
            self.buffer += got
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode(errors="replace")

    def expect(self, *codes: str) -> str:
        line = first = self.line()
        while len(line) < 4 or line[3] == "-" or line[:3] != first[:3]:
            line = self.line()
        if not line.startswith(codes):
            raise Refused(line)
        return line

    def command(self, text: str, *codes: str) -> str:
        self.stream.sendall(text.encode() + b"\r\n")
        return self.expect(*codes)

    def data(self, text: str) -> ssl.SSLSocket:
        """A data connection for the command, its TLS handshake done."""
        port = int(self.command("EPSV", "229").rpartition("(|||")[2].partition("|")[0])
        raw = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.command(text, "1")
            return self.tls.wrap_socket(raw, session=self.socket.session)
        except Exception:
            raw.close()
            raise

    def download(self, path: str) -> Moved:

        total, space = 0, bytearray(65536)
        with self.data("RETR " + path) as connection:
            resumed = bool(connection.session_reused)
            while True:
                got = connection.recv_into(space)
                if not got:
                    break
                total += got
        self.expect("226")
        return Moved(total, resumed)

    def upload(self, path: str, content: bytes, times: int = 1) -> Moved:
        connection: socket.socket
        connection = secured = self.data("STOR " + path)
        try:
            resumed = bool(connection.session_reused)
            for _ in range(times):
                connection.sendall(content)
            # The client sends close_notify; the server may close without its own.
            try:
                connection = secured.unwrap()
            except OSError:
                pass
        finally:
            connection.close()
        self.expect("226")
        return Moved(times * len(content), resumed)

    def listing(self, text: str) -> int:
        """Bytes of a listing."""
        total = 0
        with self.data(text) as connection:
            while True:
                got = connection.recv(65536)
                if not got:
                    break
                total += len(got)
        self.expect("226")
        return total

    def drain(self, text: str) -> int:
        """Takes a file without deciphering it, so the client costs next to nothing; returns the bytes on the wire."""
        total, space = 0, bytearray(1 << 20)
        with socket.socket(fileno=self.data(text).detach()) as connection:
            connection.settimeout(TIMEOUT)
            while True:
                got = connection.recv_into(space, len(space), socket.MSG_TRUNC)
                if not got:
                    break
                total += got
        self.expect("226")
        return total

    def quit(self) -> None:
        try:
            self.command("QUIT", "221")
        finally:
            self.stream.close()


def reference_download(server: Account, tls: ssl.SSLContext, name: str) -> int:
    """Takes a file from the reference program; its bytes."""
    total, space = 0, bytearray(65536)
    with tls.wrap_socket(socket.create_connection(("127.0.0.1", server.port), TIMEOUT)) as connection:
        connection.sendall(f"GET {name}\n".encode())
        while True:
            got = connection.recv_into(space)
            if not got:
                return total
            total += got


def reference_upload(server: Account, tls: ssl.SSLContext, name: str, content: bytes, times: int) -> None:
    """Gives a file to the reference program, and waits until it has all of it."""
    connection: socket.socket
    connection = secured = tls.wrap_socket(socket.create_connection(("127.0.0.1", server.port), TIMEOUT))
    try:
        secured.sendall(f"PUT {name}\n".encode())
        for _ in range(times):
            secured.sendall(content)
        connection = secured.unwrap()
    finally:
        connection.close()


def login_once(server: Account, tls: ssl.SSLContext) -> Facts:
    session = Ftps(server.port, server.user, server.password, tls)
    facts = Facts(session.socket.version(), bool(session.socket.session_reused))
    session.quit()
    return facts


def drain_parallel(server: Account, tls: ssl.SSLContext, path: str, streams: int, size: int) -> None:
    """As many clients at once take a file of this size. @raises Refused, OSError"""
    def one() -> None:
        session = Ftps(server.port, server.user, server.password, tls)
        session.command("TYPE I", "200")
        got = session.drain("RETR " + path)
        if got < size:
            raise Refused(f"{got} bytes of {size}")
        session.quit()

    together([one] * streams, streams, PARALLEL)


def remove(directory: str) -> None:
    for name in os.listdir(directory):
        os.unlink(os.path.join(directory, name))
