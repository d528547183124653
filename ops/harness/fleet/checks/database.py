"""
The database of accounts goes away. Users who are logged in work on. Others are answered soon, and let in as soon as it
is back.
"""

import contextlib
import random
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from harness.failure import require
from harness.figures import percentile
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet
from harness.fleet.postgres import Postgres
from harness.ftps import ERRORS, Client
from harness.waiting import until

WORKING, UNKNOWN = 20, 60
REFUSED = 3.5  # seconds: three of the server, and the rest is ours
BACK = 5  # seconds


class Took(NamedTuple):
    """The time at which a command began, and its seconds."""

    begin: float
    seconds: float


class Answered(NamedTuple):
    """The answer to a login, and the seconds that it took."""

    answer: str
    took: float


class Phase(NamedTuple):
    """A named span of time. It ends when the next one begins."""

    name: str
    begin: float


class Way(NamedTuple):
    """A way in which the database goes away and comes back."""

    name: str
    away: Callable[[], None]
    back: Callable[[], None]


class Working(threading.Thread):
    """A session that stores a file, looks and reads it back again and again."""

    def __init__(self, client: Client, number: int) -> None:
        super().__init__(daemon=True)
        self.client, self.number = client, number
        self.halt = threading.Event()
        self.stores: list[Took] = []
        self.lists: list[Took] = []
        self.failures: list[str] = []

    def run(self) -> None:
        count = 0
        while not self.halt.is_set():
            count += 1
            name, data = f"w{self.number}-{count % 3}", random.randbytes(20_000)
            try:
                begin = time.monotonic()
                self.client.upload(name, data)
                stored = time.monotonic()
                require(name in self.client.nlst(), f"{name} is not listed")
                self.stores.append(Took(begin, stored - begin))
                self.lists.append(Took(stored, time.monotonic() - stored))
                require(self.client.download(name) == data, f"{name} holds other bytes")
            except (*ERRORS, AssertionError) as failure:
                self.failures.append(f"{time.monotonic():.1f}: {failure}")
                return
            self.halt.wait(0.1)


class Coming:
    """Logins of users that no node has asked the database for yet, one after the other."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet, self.next = fleet, 0

    def one(self) -> Answered:
        self.next += 1
        node = self.fleet.nodes[self.next % len(self.fleet.nodes)]
        begin = time.monotonic()
        try:
            with contextlib.closing(self.fleet.login(user=f"user{self.next}", host=node.address, timeout=20)):
                answer = "230"
        except ERRORS as failure:
            answer = str(failure)
        return Answered(answer, time.monotonic() - begin)

    def during(self, seconds: float) -> list[Answered]:
        """Answers and times of logins while the database is away."""
        end = time.monotonic() + seconds
        results = []
        while time.monotonic() < end:
            results.append(self.one())
            time.sleep(seconds / (UNKNOWN // 3))
        return results

    def until_let_in(self) -> float:
        return until("an unknown user is let in", 30, lambda: self.one().answer == "230", 0.1)


@check("database-away", short=False)
def database_away(short: bool) -> str:
    seconds = 15 if short else 120
    settings = {"flotilla.login.ban-threshold": 0}
    with Postgres() as database, Fleet(balancer=False, jdbc=database.jdbc, settings=settings) as fleet:
        database.users_like("demo", "user", UNKNOWN)
        sessions = [Working(fleet.login(host=fleet.nodes[i % 3].address), i) for i in range(WORKING)]
        for session in sessions:
            session.start()
        coming = Coming(fleet)
        told: list[str] = []
        phases = [Phase("with it", time.monotonic())]
        time.sleep(seconds / 2)
        ways: list[Way] = [
            Way("frozen", partial(database.signal, signal.SIGSTOP), partial(database.signal, signal.SIGCONT)),
            Way("stopped", database.stop, database.start)]
        for name, away, back in ways:
            phases.append(Phase(name, time.monotonic()))
            away()
            answers = coming.during(seconds)
            back()
            took = coming.until_let_in()
            phases.append(Phase("after it was " + name, time.monotonic()))
            slowest = max(answered.took for answered in answers)
            require(all(answered.answer.startswith("421") for answered in answers),
                    f"{name}: logins were answered {answers}")
            require(slowest <= REFUSED, f"{name}: a login was refused after {slowest:.1f} s")
            require(took <= BACK, f"{name}: the first login after it was back took {took:.1f} s")
            told.append(f"{name} for {seconds} s: {len(answers)} logins refused with 421 within {slowest:.2f} s, the "
                        f"first let in {took:.2f} s after it was back")
            time.sleep(seconds / 4)
        for session in sessions:
            session.halt.set()
        for session in sessions:
            session.join(60)
        failures = [failure for session in sessions for failure in session.failures]
        require(not failures, f"sessions that were logged in met {failures[:3]}")
        phases.append(Phase("end", time.monotonic()))
        for (name, begin), (_, end) in zip(phases, phases[1:]):
            stores = [one.seconds for session in sessions for one in session.stores if begin <= one.begin < end]
            lists = [one.seconds for session in sessions for one in session.lists if begin <= one.begin < end]
            told.append(f"{name}: {len(stores)} stores p50 {percentile(stores, .5) * 1000:.0f} "
                        f"p99 {percentile(stores, .99) * 1000:.0f} max {max(stores) * 1000:.0f} ms, "
                        f"listings p99 {percentile(lists, .99) * 1000:.0f} ms")
            require(max(stores) < 2 or name == "with it", f"{name}: a store took {max(stores):.1f} s")
        for session in sessions:
            session.client.quit()
        nothing_held(fleet)
        return "\n  ".join(told)
