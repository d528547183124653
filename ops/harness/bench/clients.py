"""A small FTPS client: files, listings, logins, idle sessions."""

import os
import socket
import ssl
import threading

TIMEOUT = 60


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


class Refused(Exception):
    pass


class Ftps:
    """One logged-in control connection."""

    def __init__(self, port, user, password, tls, source=None):
        self.tls = tls
        raw = socket.create_connection(("127.0.0.1", port), TIMEOUT, source_address=(source, 0) if source else None)
        self.socket, self.buffer = raw, b""
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.expect("220")
            self.command("AUTH TLS", "234")
            self.socket = tls.wrap_socket(raw)
            if self.command("USER " + user, "2", "3").startswith("3"):
                self.command("PASS " + password, "230")
            self.command("PBSZ 0", "200")
            self.command("PROT P", "200")
        except Exception:
            self.socket.close()
            raise

    def line(self):
        while b"\n" not in self.buffer:
            got = self.socket.recv(4096)
            if not got:
                raise Refused("connection closed")
            self.buffer += got
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode(errors="replace")

    def expect(self, *codes):
        line = first = self.line()
        while len(line) < 4 or line[3] == "-" or line[:3] != first[:3]:
            line = self.line()
        if not line.startswith(codes):
            raise Refused(line)
        return line

    def command(self, text, *codes):
        self.socket.sendall(text.encode() + b"\r\n")
        return self.expect(*codes)

    def data(self, text):
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

    def download(self, path):
        """Bytes of a file, and whether its data connection resumed the TLS session."""
        total, space = 0, bytearray(65536)
        with self.data("RETR " + path) as connection:
            resumed = connection.session_reused
            while True:
                got = connection.recv_into(space)
                if not got:
                    break
                total += got
        self.expect("226")
        return total, resumed

    def upload(self, path, content, times=1):
        connection = self.data("STOR " + path)
        try:
            resumed = connection.session_reused
            for _ in range(times):
                connection.sendall(content)
            # close_notify goes out; the server's own may or may not come before it closes.
            try:
                connection = connection.unwrap()
            except OSError:
                pass
        finally:
            connection.close()
        self.expect("226")
        return times * len(content), resumed

    def listing(self, text):
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

    def drain(self, text):
        """Takes a file without deciphering it, so that the client costs next to nothing; bytes on the wire."""
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

    def quit(self):
        try:
            self.command("QUIT", "221")
        finally:
            self.socket.close()


def reference_download(server, tls, name):
    """Takes a file from the reference program; its bytes."""
    total, space = 0, bytearray(65536)
    with tls.wrap_socket(socket.create_connection(("127.0.0.1", server.port), TIMEOUT)) as connection:
        connection.sendall(f"GET {name}\n".encode())
        while True:
            got = connection.recv_into(space)
            if not got:
                return total
            total += got


def reference_upload(server, tls, name, content, times):
    """Gives a file to the reference program, and waits until it has all of it."""
    connection = tls.wrap_socket(socket.create_connection(("127.0.0.1", server.port), TIMEOUT))
    try:
        connection.sendall(f"PUT {name}\n".encode())
        for _ in range(times):
            connection.sendall(content)
        connection = connection.unwrap()
    finally:
        connection.close()


def login_once(server, tls):
    session = Ftps(server.port, server.user, server.password, tls)
    facts = session.socket.version(), session.socket.session_reused
    session.quit()
    return facts


def drain_parallel(server, tls, path, streams, size):
    failures = []

    def one():
        try:
            session = Ftps(server.port, server.user, server.password, tls)
            session.command("TYPE I", "200")
            got = session.drain("RETR " + path)
            if got < size:
                raise Refused(f"{got} bytes of {size}")
            session.quit()
        except Exception as problem:  # reported by the caller's thread
            failures.append(problem)

    threads = [threading.Thread(target=one, daemon=True) for _ in range(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failures:
        raise failures[0]
    if any(thread.is_alive() for thread in threads):
        raise Refused("a download did not end")


def remove(directory):
    for name in os.listdir(directory):
        os.unlink(os.path.join(directory, name))
