"""Looks at sessions after their node is gone, and clients that are busy meanwhile."""

import collections
import contextlib
import ftplib
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from harness.failure import require
from harness.fleet.fleet import Fleet, Roles
from harness.ftps import ERRORS, Client
from harness.waiting import all_of, parallel, together

KEPT = b"0123456789" * 5

EDGE: Roles = {1: ["edge"], 2: ["worker"], 3: ["worker"], 4: ["worker"]}


def sessions(fleet: Fleet, count: int, user: str = "demo") -> list[Client]:
    """Logged-in sessions in directories of their own, some with REST and some with RNFR."""

    def one(number: int) -> Client:
        client = fleet.login(user, host=fleet.nodes[0].address)
        client.mkd(f"s{number}")
        client.cwd(f"s{number}")
        if number % 8 == 0:
            client.upload("kept", KEPT)
            client.sendcmd("REST 17")
        if number % 8 == 1:
            client.mkd("from")
            client.sendcmd("RNFR from")
        return client

    return together([partial(one, n) for n in range(count)], 8)


def after(clients: Sequence[Client]) -> list[float]:
    """The seconds until each session answers after its node is gone. @raises Failure: when one answers wrongly"""

    def one(number: int, client: Client) -> float:
        begin = time.monotonic()
        if number % 8 == 1:
            reply = client.sendcmd("RNTO to")
            require(reply.startswith("250"), reply)
        else:
            require(client.pwd() == f"/s{number}", "another directory")
        return time.monotonic() - begin

    results = parallel([partial(one, n, c) for n, c in enumerate(clients)], len(clients))
    wrong = [(n, r) for n, r in enumerate(results) if isinstance(r, Exception)]
    require(not wrong, f"{len(wrong)} of {len(clients)} sessions failed, first: {wrong[:3]}")
    return all_of(results)


def once_each(fleet: Fleet, clients: Sequence[Client], user: str = "demo") -> None:
    """Every session makes a directory, and is in its former one. Its offset of REST still holds for its transfer."""
    for number, client in enumerate(clients):
        if number % 8 == 0:
            require(client.download("kept") == KEPT[17:], f"session {number} has lost the offset of REST")
        client.mkd("after")
        left = sorted(os.listdir(os.path.join(fleet.home(user), f"s{number}")))
        made = {0: ["kept"], 1: ["to"]}.get(number % 8, [])
        require(left == ["after", *made], f"session {number} left {left}")
        client.quit()


class Busy(threading.Thread):
    """
    A client that never waits while a worker dies. Its directories, renames and lines are there once, and every reply is
    that of the first run.
    """

    def __init__(self, fleet: Fleet, number: int, user: str = "demo") -> None:
        super().__init__(daemon=True)
        self.client = fleet.login(user, host=fleet.nodes[0].address)
        self.home = fleet.home(user)
        self.name = f"b{number}"
        self.client.mkd(self.name)
        self.client.cwd(self.name)
        self.place = os.path.join(self.home, self.name)
        self.halt = threading.Event()
        self.rounds = 0
        self.refused: collections.Counter[str] = collections.Counter()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self.halt.is_set():
                one, other = f"m{self.rounds}", f"r{self.rounds}"
                self.once(partial(self.client.mkd, one), partial(self.has, one))  # 550 when it is done twice
                self.once(partial(self.client.rename, one, other), partial(self.has, other))
                if self.rounds % 10 == 0:
                    self.once(self.append, lambda: str(self.rounds) in self.journal())
                self.rounds += 1
        except ERRORS as failure:
            self.failure = failure

    def has(self, name: str) -> bool:
        return os.path.exists(os.path.join(self.place, name))

    def journal(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError), open(os.path.join(self.place, "journal")) as file:
            return file.read().split()
        return []

    def once(self, work: Callable[[], object], done: Callable[[], bool]) -> None:
        """
        425: no passive port can be had while nobody answers for the node that has its entry. 426: the transfer ended
        with its node. 451: the server does not know whether it was done. A client that is told so looks, and does it
        again if it was not done.
        """
        for attempt in range(20):
            try:
                work()
                return
            except ftplib.error_temp as refused:
                code = str(refused)[:3]
                if attempt == 19 or code not in ("425", "426", "451"):
                    raise
                self.refused[code] += 1
                if code != "425" and done():
                    return

    def append(self) -> None:
        cut: OSError | None = None
        try:
            with self.client.transfercmd("APPE journal") as connection:
                connection.sendall(f"{self.rounds}\n".encode())
                connection.unwrap()
        except (ConnectionError, ssl.SSLError) as end:
            cut = end  # the reply tells the end of the transfer
        self.client.voidresp()
        if cut:
            raise cut

    def end(self) -> str:
        """Ends it; returns its faults, or nothing."""
        self.halt.set()
        self.join(60)
        if self.failure or self.is_alive():
            return f"{self.name}, round {self.rounds}: {self.failure!r}"
        self.client.quit()
        wrong = set(os.listdir(self.place)) ^ {"journal", *(f"r{n}" for n in range(self.rounds))}
        if self.journal() != [str(n) for n in range(0, self.rounds, 10)]:
            wrong.add(f"journal: {self.journal()}")
        return f"{self.name}: {sorted(wrong)[:4]}" if wrong else ""


@contextlib.contextmanager
def busy(fleet: Fleet, count: int, told: list[str], user: str = "demo") -> Iterator[None]:
    """Clients that are busy meanwhile. The summary of their work is added to {told}."""
    clients = [Busy(fleet, n, user) for n in range(count)]
    for client in clients:
        client.start()
    time.sleep(2)
    try:
        yield
        time.sleep(2)
    finally:
        wrong = [text for text in [client.end() for client in clients] if text]
    require(not wrong, f"commands of busy clients were lost or done twice: {wrong[:4]}")
    refused: collections.Counter[str] = sum((client.refused for client in clients), collections.Counter())
    told.append(f"{sum(client.rounds for client in clients)} rounds of MKD, rename and APPE of {count} busy clients, "
                f"each done once; told and tried again or looked: {refused['425']} times 425, {refused['426']} 426, "
                f"{refused['451']} 451")
