"""Clients that write down what they did, when, and what they were told."""

import contextlib
import ftplib
import random
import socket
import struct
import threading
import time

from harness.fleet.contents import content, line_of, lines_of, value_of
from harness.fleet.fleet import Failure
from harness.fleet.histories import Append, Operation, Rotation, Seen

ERRORS = (ftplib.Error, OSError, EOFError)
PATIENCE = 90
"""Seconds in which a client must get an answer to a question that can be asked again."""


class Refused(Exception):
    """The server said no before it began: nothing was done."""


class Unknown(Exception):
    """No answer, or one that does not tell whether it was done."""

    def __init__(self, begun=False):
        super().__init__()
        self.begun = begun


class Record:
    """What all clients did to one name."""

    def __init__(self, name):
        self.name = name
        self.lock = threading.Lock()
        self.operations = []
        self.appends = []
        self.rotations = []
        self.seen = []

    def note(self, *facts):
        kinds = {Operation: self.operations, Append: self.appends, Rotation: self.rotations, Seen: self.seen}
        with self.lock:
            for fact in facts:
                kinds[type(fact)].append(fact)


class Recorder:
    """One client, with one session at a time."""

    def __init__(self, fleet, who, seed):
        self.fleet = fleet
        self.who = who
        self.random = random.Random(seed)
        self.client = None
        self.count = 0

    def fresh(self):
        self.count += 1
        return f"{self.who}-{self.count}"

    def session(self):
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

    def lose(self):
        if self.client:
            self.client.close()
        self.client = None

    def ask(self, command):
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

    def send(self, command, data, rest=None, break_at=None):
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

    def _end_of_transfer(self, client):
        try:
            client.voidresp()
        except (ftplib.error_temp, ftplib.error_perm) as reply:
            raise Unknown(True) from reply
        except ERRORS as gone:
            self.lose()
            raise Unknown(True) from gone

    def fetch(self, name):
        """The bytes of a file, None when there is none. @raises Unknown: when there was no whole answer"""
        client = self.session()
        parts = []
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

    def fetch_surely(self, name):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.fetch(name)
            except Unknown:
                if time.monotonic() > end:
                    raise Failure(f"{name} cannot be read for {PATIENCE} s") from None
                time.sleep(0.2)

    def read(self, record, surely=False):
        begin = time.monotonic()
        try:
            data = self.fetch_surely(record.name) if surely else self.fetch(record.name)
        except Unknown:
            return
        value = None if data is None else value_of(data, record.name)
        record.note(Operation("read", value, begin, time.monotonic(), True, self.who))

    def write(self, record, resumed=False):
        value = self.fresh()
        begin = time.monotonic()
        try:
            certain = self._resumed(record.name, content(value)) if resumed else self.send(f"STOR {record.name}", content(value)) is None
        except Refused:
            return
        except Unknown:
            certain = False
        record.note(Operation("write", value, begin, time.monotonic(), certain, self.who))

    def _resumed(self, name, data):
        """An upload that breaks, and goes on from the length that the server tells, as lftp and curl do it. Nobody else writes this name."""
        end = time.monotonic() + PATIENCE
        break_at = self.random.randrange(len(data))
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

    def write_by_rename(self, record):
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
            record.note(Operation("write", value, begin, time.monotonic(), certain, self.who))

    def take(self, record):
        """Renames the file to a name of its own and reads it there."""
        name = f"taken-{self.fresh()}"
        try:
            begin, end = self._rename(record.name, name)
        except Refused:
            return
        data = self.fetch_surely(name)
        if data is not None:
            record.note(Operation("take", value_of(data, name), begin, end or time.monotonic(), True, self.who))
        elif end:
            raise Failure(f"{record.name} was renamed to {name} with 250, and there is no such file")
        else:
            record.note(Operation("delete", None, begin, time.monotonic(), False, self.who))

    def delete(self, record):
        begin = time.monotonic()
        kind, certain = "delete", True
        try:
            self.ask(f"DELE {record.name}")
        except Refused as reply:
            if not str(reply).startswith("550"):
                return
            kind = "read"
        except Unknown:
            certain = False
        record.note(Operation(kind, None, begin, time.monotonic(), certain, self.who))

    def append(self, record):
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

    def read_log(self, record):
        begin = time.monotonic()
        with contextlib.suppress(Unknown):
            data = self.fetch(record.name)
            record.note(Seen(lines_of(data or b"", record.name), begin, time.monotonic(), self.who))

    def lines(self, name):
        """All lines of a log, none when there is no such file."""
        return lines_of(self.fetch_surely(name) or b"", name)

    def rotate(self, record):
        """Gives the log its next older name, as whoever collects logs does it. One client does this."""
        older = f"{record.name}.{len(record.rotations)}"
        try:
            begin, end = self._rename(record.name, older)
        except Refused:
            return
        if end or self.fetch_surely(older) is not None:
            record.note(Rotation(begin, end or time.monotonic()))

    def _rename(self, name, target):
        """When RNTO began and when it was confirmed; None when that was not told. @raises Refused"""
        begin = time.monotonic()
        try:
            self.ask(f"RNFR {name}")
            begin = time.monotonic()
            self.ask(f"RNTO {target}")
        except Unknown:
            return begin, None
        return begin, time.monotonic()
