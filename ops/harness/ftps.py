"""A whole FTPS client: ftplib with resumed data connections. The benchmark has one of its own that costs less."""

import ftplib
import socket
import ssl
import time

from harness.failure import Failure

ERRORS = (ftplib.Error, OSError, EOFError)
"""The exceptions of a client's call when the server says no, or is gone."""


def unverified() -> ssl.SSLContext:
    """A client's TLS that takes any certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


class Client(ftplib.FTP_TLS):
    """ftplib, whose data connections resume the TLS session of the control connection."""

    trust_server_pasv_ipv4_address = False
    """ftplib's: whether it connects where the reply to PASV says, and not to the control connection's address."""

    def __init__(self, certificate: str, timeout: float, source: str | None = None,
                 tls: ssl.TLSVersion | None = None) -> None:
        """@param certificate: path of the certificates that it trusts; tls: the newest version that it may use"""
        context = ssl.create_default_context(cafile=certificate)
        if tls:
            context.maximum_version = tls
        super().__init__(context=context, timeout=timeout, source_address=(source, 0) if source else None)

    def control(self) -> ssl.SSLSocket:
        """The control connection. @raises Failure: when it has no TLS"""
        if not isinstance(self.sock, ssl.SSLSocket):
            raise Failure("the control connection has no TLS")
        return self.sock

    def tls_session(self) -> ssl.SSLSession | None:
        return self.control().session

    def wrapped(self, raw: socket.socket, session: ssl.SSLSession | None) -> ssl.SSLSocket:
        """A data connection after its TLS handshake, which offers this session."""
        return self.context.wrap_socket(raw, server_hostname=self.host, session=session)

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[ssl.SSLSocket, int]:
        """The same as ftplib's. Only for a client that has said PROT P."""
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        try:
            return self.wrapped(connection, self.tls_session()), size
        except ssl.SSLError:
            connection.close()
            self.voidresp()  # raises what the server says of it
            raise

    def transfercmd(self, cmd: str, rest: int | str | None = None) -> ssl.SSLSocket:
        return self.ntransfercmd(cmd, rest)[0]

    def upload(self, name: str, data: bytes, pace: float = 0) -> str:
        """Stores bytes, as fast as they go or in {pace} seconds; the last reply."""
        return self._send("STOR " + name, data, pace)

    def append(self, name: str, data: bytes) -> str:
        """Appends bytes to a file; the last reply."""
        return self._send("APPE " + name, data, 0)

    def _send(self, command: str, data: bytes, pace: float) -> str:
        with self.transfercmd(command) as connection:
            if pace:
                step = max(1, len(data) // 100)
                begin = time.monotonic()
                for offset in range(0, len(data), step):
                    connection.sendall(data[offset:offset + step])
                    time.sleep(max(0, begin + pace * offset / len(data) - time.monotonic()))
            else:
                connection.sendall(data)
            connection.unwrap()
        return self.voidresp()

    def download(self, name: str) -> bytes:
        parts: list[bytes] = []
        self.retrbinary("RETR " + name, parts.append)
        return b"".join(parts)
