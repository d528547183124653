"""Clients that record their operations, with times and answers."""

import contextlib
import ftplib
import random
import socket
import struct
import threading
import time
from typing import NamedTuple

from harness.failure import Failure
from harness.fleet.contents import content, line_of, lines_of, value_of
from harness.fleet.fleet import Fleet
from harness.fleet.histories import Append, Kind, Operation, Rotation, Seen
from harness.ftps import ERRORS, Client

PATIENCE = 90
"""Seconds in which a client must get an answer to a question that can be asked again."""


class Refused(Exception):
    """The server said no before it began: nothing was done."""


class Unknown(Exception):
    """No answer, or one that does not tell whether it was done."""

    def __init__(self, begun: bool = False) -> None:
        super().__init__()
        self.begun = begun


class Renamed(NamedTuple):
    """The times at which RNTO began and was confirmed; None when no reply confirmed it."""

    begin: float
    end: float | None


class Record:
    """The operations of all clients on one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()
        self.operations: list[Operation] = []
        self.appends: list[Append] = []
        self.rotations: list[Rotation] = []
        self.seen: list[Seen] = []

    def note(self, fact: Operation | Append | Rotation | Seen) -> None:
        with self.lock:
            if isinstance(fact, Operation):
                self.operations.append(fact)
            elif isinstance(fact, Append):
                self.appends.append(fact)
            elif isinstance(fact, Rotation):
                self.rotations.append(fact)
            else:
                self.seen.append(fact)


class Recorder:
    """One client, with one session at a time."""

    def __init__(self, fleet: Fleet, who: str, seed: int) -> None:
        self.fleet = fleet
        self.who = who
        self.random = random.Random(seed)
        self.client: Client | None = None
        self.count = 0

    def fresh(self) -> str:
        self.count += 1
        return f"{self.who}-{self.count}"

    def session(self) -> Client:
        """Its session, or a new one."""
        end = time.monotonic() + PATIENCE
        while not self.client:
            try:
                self.client = self.fleet.login(timeout=30)
            except ERRORS:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        return self.client

    def lose(self) -> None:
        if self.client:
            self.client.close()
        self.client = None

    def ask(self, command: str) -> str:
        """The reply to a command. @raises Refused: 4xx and 5xx that mean no; Unknown"""
        client = self.session()
        try:
            return client.sendcmd(command)
        except (ftplib.error_temp, ftplib.error_perm) as reply:
            if str(reply).startswith(("421", "426", "451")):
                self.lose()
                raise Unknown from reply
            raise Refused(str(reply)) from None
        except ERRORS as gone:
            self.lose()
            raise Unknown from gone

    def send(self, command: str, data: bytes, rest: int | None = None, break_at: int | None = None) -> None:
        """Sends bytes. @param break_at: how many before the data connection is reset. @raises Refused, Unknown"""
        client = self.session()
        begun = False
        try:
            connection = client.transfercmd(command, rest)
            begun = True
            with connection:
                if break_at is not None:
                    connection.sendall(data[:break_at])
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    connection.sendall(data)
                    connection.unwrap()
        except (ftplib.error_temp, ftplib.error_perm) as reply:
            raise Refused(str(reply)) from None
        except ERRORS as gone:
            if not begun:
                self.lose()
                raise Unknown from gone
        self._end_of_transfer(client)

    def _end_of_transfer(self, client: Client) -> None:
        try:
            client.voidresp()
        except (ftplib.error_temp, ftplib.error_perm) as reply:
            raise Unknown(True) from reply
        except ERRORS as gone:
            self.lose()
            raise Unknown(True) from gone

    def fetch(self, name: str) -> bytes | None:
        """The bytes of a file, None when there is none. @raises Unknown: when there was no whole answer"""
        client = self.session()
        parts: list[bytes] = []
        begun = False
        try:
            with client.transfercmd("RETR " + name) as connection:
                begun = True
                with contextlib.suppress(OSError):
                    while part := connection.recv(1 << 16):
                        parts.append(part)
        except ftplib.error_perm as reply:
            if begun or not str(reply).startswith("550"):
                raise Unknown from reply
            return None
        except ftplib.error_temp as reply:
            raise Unknown from reply
        except ERRORS as gone:
            self.lose()
            raise Unknown from gone
        self._end_of_transfer(client)
        return b"".join(parts)

    def fetch_surely(self, name: str) -> bytes | None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.fetch(name)
            except Unknown:
                if time.monotonic() > end:
                    raise Failure(f"{name} cannot be read for {PATIENCE} s") from None
                time.sleep(0.2)

    def read(self, record: Record, surely: bool = False) -> None:
        begin = time.monotonic()
        try:
            data = self.fetch_surely(record.name) if surely else self.fetch(record.name)
        except Unknown:
            return
        value = None if data is None else value_of(data, record.name)
        record.note(Operation(Kind.READ, value, begin, time.monotonic(), True, self.who))

    def write(self, record: Record, resumed: bool = False) -> None:
        value = self.fresh()
        begin = time.monotonic()
        certain = True
        try:
            if resumed:
                certain = self._resumed(record.name, content(value))
            else:
                self.send(f"STOR {record.name}", content(value))
        except Refused:
            return
        except Unknown:
            certain = False
        record.note(Operation(Kind.WRITE, value, begin, time.monotonic(), certain, self.who))

    def _resumed(self, name: str, data: bytes) -> bool:
        """
        An upload that breaks, and goes on from the length that the server tells, as lftp and curl do it. No other
        client writes this name.
        """
        end = time.monotonic() + PATIENCE
        break_at: int | None = self.random.randrange(len(data))
        begun = False
        while time.monotonic() < end:
            try:
                length = int(self.ask(f"SIZE {name}").split()[1]) if begun else 0
                if length > len(data):
                    length = 0
                self.send(f"STOR {name}", data[length:], length or None, break_at)
                return True
            except Refused as reply:
                begun = begun and not str(reply).startswith(("550", "554"))
            except Unknown as broken:
                begun = begun or broken.begun
                break_at = None
                if self.random.random() < 0.4:
                    self.lose()
            time.sleep(0.2)
        return False

    def write_by_rename(self, record: Record) -> None:
        value = self.fresh()
        with contextlib.suppress(Refused, Unknown):
            self.send(f"STOR .{value}", content(value))
            self.ask(f"RNFR .{value}")
            begin = time.monotonic()
            certain = True
            try:
                self.ask(f"RNTO {record.name}")
            except Unknown:
                certain = False
            record.note(Operation(Kind.WRITE, value, begin, time.monotonic(), certain, self.who))

    def take(self, record: Record) -> None:
        """Renames the file to a name of its own and reads it there."""
        name = f"taken-{self.fresh()}"
        try:
            begin, end = self._rename(record.name, name)
        except Refused:
            return
        data = self.fetch_surely(name)
        if data is not None:
            record.note(Operation(Kind.TAKE, value_of(data, name), begin, end or time.monotonic(), True, self.who))
        elif end:
            raise Failure(f"{record.name} was renamed to {name} with 250, and there is no such file")
        else:
            record.note(Operation(Kind.DELETE, None, begin, time.monotonic(), False, self.who))

    def delete(self, record: Record) -> None:
        begin = time.monotonic()
        kind, certain = Kind.DELETE, True
        try:
            self.ask(f"DELE {record.name}")
        except Refused as reply:
            if not str(reply).startswith("550"):
                return
            kind = Kind.READ
        except Unknown:
            certain = False
        record.note(Operation(kind, None, begin, time.monotonic(), certain, self.who))

    def append(self, record: Record) -> None:
        value = self.fresh()
        begin = time.monotonic()
        certain = True
        try:
            self.send(f"APPE {record.name}", line_of(value))
        except Refused:
            return
        except Unknown:
            certain = False
        record.note(Append(value, begin, time.monotonic(), certain, self.who))

    def read_log(self, record: Record) -> None:
        begin = time.monotonic()
        with contextlib.suppress(Unknown):
            data = self.fetch(record.name)
            record.note(Seen(lines_of(data or b"", record.name), begin, time.monotonic(), self.who))

    def lines(self, name: str) -> list[str]:
        """All lines of a log, none when there is no such file."""
        return lines_of(self.fetch_surely(name) or b"", name)

    def rotate(self, record: Record) -> None:
        """Gives the log its next older name, as a collector of logs does it. Only one client does this."""
        older = f"{record.name}.{len(record.rotations)}"
        try:
            begin, end = self._rename(record.name, older)
        except Refused:
            return
        if end or self.fetch_surely(older) is not None:
            record.note(Rotation(begin, end or time.monotonic()))

    def _rename(self, name: str, target: str) -> Renamed:
        """@raises Refused"""
        begin = time.monotonic()
        try:
            self.ask(f"RNFR {name}")
            begin = time.monotonic()
            self.ask(f"RNTO {target}")
        except Unknown:
            return Renamed(begin, None)
        return Renamed(begin, time.monotonic())
