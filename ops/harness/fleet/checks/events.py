"""Events: each completed upload is told once, although nodes die and the receiver fails."""

import contextlib
import http.server
import json
import os
import random
import threading
import time
from collections import Counter

from harness.failure import Failure, require
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet
from harness.fleet.postgres import Postgres
from harness.ftps import ERRORS, Client
from harness.waiting import until

HANG = 3
"""Seconds for which the receiver hangs: longer than the nodes wait."""
PAUSE = 0.2
"""Seconds between two uploads of a client."""
LATEST = 30
"""Seconds after the last upload in which all is told."""


class Receiver(http.server.ThreadingHTTPServer):
    """Takes events. A third of the time it answers 500 or hangs, sometimes after it has taken the event."""

    daemon_threads = True

    def __init__(self, address: str) -> None:
        super().__init__((address, 0), Handler)
        self.lock = threading.Lock()
        self.random = random.Random(19)
        self.came: list[tuple[str, str]] = []
        """Id and path of each event that was taken, in their order; the same id may come again."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}/in"

    def paths(self) -> Counter[str]:
        """The number of ids for each path."""
        with self.lock:
            return Counter(dict(self.came).values())


class Handler(http.server.BaseHTTPRequestHandler):
    """One request of a node."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = json.loads(body)
        with self.server.lock:
            mood = self.server.random.randrange(12)
            if mood not in (0, 1):
                self.server.came.append((event["id"], event["data"]["path"]))
        if mood in (0, 2):
            time.sleep(HANG)
        with contextlib.suppress(OSError):
            self.send_response(500 if mood < 4 else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


class Uploader(threading.Thread):
    """
    A client that stores small files, each under a name of its own, until so many were answered with 226 and it is told
    to end. It notes which were.
    """

    def __init__(self, fleet: Fleet, number: int, uploads: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.fleet, self.number, self.left, self.ended = fleet, number, uploads, ended
        self.stored: list[str] = []
        self.tried = 0
        self.wrong: Exception | None = None
        self.client: Client | None = None

    def run(self) -> None:
        try:
            while self.left > 0 or not self.ended.is_set():
                try:
                    self.one()
                except ERRORS:
                    self.leave()
                    time.sleep(0.2)
            self.leave()
        except Exception as failure:  # told to the check
            self.wrong = failure

    def one(self) -> None:
        if self.client is None:
            self.client = self.fleet.login(timeout=30)
        self.tried += 1
        name = f"c{self.number}-{self.tried}"
        reply = self.client.upload(name, random.randbytes(1_000))
        if reply.startswith("226"):
            self.stored.append("/" + name)
            self.left -= 1
            time.sleep(PAUSE)

    def leave(self) -> None:
        if self.client:
            self.client.close()
            self.client = None


def settings(receiver: Receiver) -> dict[str, str]:
    return {
        "flotilla.events.targets.hook.type": "webhook",
        "flotilla.events.targets.hook.url": receiver.url(),
        "flotilla.events.targets.hook.timeout": "2s",
        "flotilla.events.rules": '[{events=[upload],target=hook}]',
        "flotilla.events.first-pause": "100ms",
        "flotilla.events.longest-pause": "1s",
        "flotilla.events.attempts": "1000",
        "flotilla.events.in-flight": "32",
    }


def kill_now_and_then(fleet: Fleet, clients: list[Uploader], every: float, least: int, ended: threading.Event) -> int:
    """
    Kills one node after the other while the clients work, and starts it again: first the one that sends, then any. The
    number of deaths.
    """
    source = random.Random(7)
    deaths = 0
    while deaths < least or any(client.is_alive() for client in clients):
        time.sleep(every)
        victim = source.choice(fleet.nodes) if deaths else max(
            fleet.nodes, key=lambda node: node.metric("flotilla_events_delivered_total"))
        victim.kill()
        deaths += 1
        if deaths >= least:
            ended.set()
        victim.start().await_ready()
        fleet.await_members(len(fleet.nodes), 120)
    return deaths


@check("events")
def events(short: bool) -> str:
    """Each 226 of an upload has one id, and each id has a file, while nodes die and the receiver fails."""
    number, uploads, every, least = (6, 20, 1.0, 2) if short else (20, 100, 20.0, 5)
    receiver = Receiver("127.0.0.1")
    with contextlib.closing(receiver):
        with Postgres() as database, Fleet(jdbc=database.jdbc, settings=settings(receiver)) as fleet:
            ended = threading.Event()
            clients = [Uploader(fleet, i, uploads, ended) for i in range(number)]
            for client in clients:
                client.start()
            deaths = kill_now_and_then(fleet, clients, every, least, ended)
            wrong = [client.wrong for client in clients if client.wrong]
            require(not wrong, f"clients failed: {wrong[:2]}")
            stored = {path for client in clients for path in client.stored}
            end = time.monotonic()
            try:
                until("all uploads are told", LATEST + HANG, lambda: stored <= set(receiver.paths()), 0.2)
            except Failure as late:
                backlog = [node.metric("flotilla_events_backlog") for node in fleet.nodes]
                missing = stored - set(receiver.paths())
                raise Failure(f"{late}: {len(missing)} of {len(stored)} are not, such as {sorted(missing)[:5]}; the "
                              f"nodes see {backlog} that wait") from late
            took = time.monotonic() - end
            time.sleep(HANG)
            told = receiver.paths()
            twice = [path for path, ids in told.items() if ids != 1]
            require(not twice, f"several ids for {twice[:5]}")
            nowhere = [path for path in told if not os.path.exists(fleet.home() + path)]
            require(not nowhere, f"told, but not there: {nowhere[:5]}")
            nothing_held(fleet, 30)
            again = len(receiver.came) - len(told)
            return (f"{len(stored)} uploads answered with 226 by {number} clients while {deaths} nodes died: each told "
                    f"by one id, the last {took:.1f} s later; {again} came again, {len(told) - len(stored)} more files "
                    "are there and told whose 226 was lost")
