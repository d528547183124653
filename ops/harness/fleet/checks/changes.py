"""Nodes that leave, come back in another version, or are killed again and again under load."""

import collections
import contextlib
import ftplib
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from harness.failure import Failure, require
from harness.fleet.checks.observed import happened, moving, nothing_held
from harness.fleet.checks.registry import Network, check
from harness.fleet.fleet import Fleet, lent, next_version, sha
from harness.fleet.node import Node
from harness.ftps import ERRORS, Client
from harness.launcher import HOME
from harness.waiting import Running, failed, until


@check("drain")
def drain(short: bool) -> str:
    """A drained node stops being ready at once. No transfer fails, its sessions move away, and it ends by itself."""
    pace = 12 if short else 60
    with Fleet(settings={"flotilla.drain.lb-delay": "3s"}) as fleet:
        data = random.randbytes(2_000_000)
        node = fleet.nodes[1]

        def slow(number: int) -> None:
            client = fleet.login(host=node.address)
            client.upload(f"d{number}", data, pace)

        transfers = Running([partial(slow, n) for n in range(10 if short else 30)])
        idle = [fleet.login(host=node.address) for _ in range(20 if short else 70)]
        until("the transfers run", 30, lambda: len(moving(fleet)) == len(transfers))
        begin = time.monotonic()
        fleet.nodes[0].command("drain", node.name)
        unready = until("not ready", 5, lambda: node.get("/ready").status == 503, 0.02)
        empty = until("no session is left on it", 15, lambda: node.metric("flotilla_sessions") == 0, 0.1)
        wrong = failed(transfers.ended())
        require(not wrong, f"{len(wrong)} of {len(transfers)} transfers failed: {wrong[:2]!r}")
        code = node.exit_code(pace + 90)
        for number in range(len(transfers)):
            with open(os.path.join(fleet.home(), f"d{number}"), "rb") as file:
                require(file.read() == data, f"d{number} is not what was sent")
        told = [_last_reply(client) for client in idle]
        require(all(reply.startswith("421") for reply in told), f"idle clients were told {set(told)}")
        require(unready <= 1 and empty <= 10, f"unready after {unready:.1f} s, empty after {empty:.1f} s")
        require(code == 0, f"{node.name} ended with {code}")
        nothing_held(fleet)
        return (f"not ready after {unready:.2f} s, no session after {empty:.1f} s, {len(transfers)} transfers of "
                f"{pace} s ended well, {len(idle)} idle clients got 421, it ended after "
                f"{time.monotonic() - begin:.0f} s")


def _last_reply(client: Client) -> str:
    try:
        return client.getresp()
    except ftplib.error_temp as reply:
        return str(reply)
    except ERRORS as end:
        return repr(end)


class Looper(threading.Thread):
    """
    A client that uploads, downloads and lists again and again; it connects anew after a 421 at connect, and no other
    failure.
    """

    def __init__(self, fleet: Fleet, number: int, nodes_die: bool = False) -> None:
        super().__init__(daemon=True)
        self.fleet = fleet
        self.number = number
        self.nodes_die = nodes_die
        self.halt = threading.Event()
        self.rounds = self.retried = self.attempts = 0
        self.failures: list[str] = []
        self.stored: dict[str, str] = {}
        self.wrong: list[str] = []
        self.written: list[str] = []

    def run(self) -> None:
        while not self.halt.is_set():
            try:
                client = self.connect()
            except ERRORS as failure:
                self.failures.append(f"connect: {failure!r}")
                continue
            try:
                self.work(client)
                self.rounds += 1
            except ERRORS as failure:
                self.failures.append(f"work, {time.strftime('%T')}: {failure!r}")
            finally:
                client.close()

    def connect(self) -> Client:
        """Tries again after a 421, and after every other error where nodes are killed."""
        for attempt in range(20):
            try:
                return self.fleet.login(timeout=30)
            except ERRORS as failure:
                if not self.nodes_die and not str(failure).startswith("421"):
                    raise
                self.retried += 1
                time.sleep(0.2)
        return self.fleet.login(timeout=30)

    def work(self, client: Client) -> None:
        data = random.randbytes(100_000 + random.randint(0, 200_000))
        name = f"loop-{self.number}-{self.attempts % 5}"
        self.attempts += 1
        self.verify(name)
        self.stored.pop(name, None)  # either file may be there while it is being replaced
        client.upload(name, data)
        self.stored[name] = sha(data)
        if sha(client.download(name)) != self.stored[name]:
            self.wrong.append(f"{name} has another hash")
        if name not in client.nlst():
            self.wrong.append(f"{name} is not listed")
        line = f"{self.number} {self.rounds} {time.monotonic_ns()}"
        client.append(f"journal-{self.number}", line.encode() + b"\n")
        self.written.append(line)
        client.quit()

    def verify(self, name: str) -> None:
        """An acknowledged upload is there as it was sent, until the next one of its name begins."""
        if name in self.stored:
            try:
                with open(os.path.join(self.fleet.home(), name), "rb") as file:
                    if sha(file.read()) != self.stored[name]:
                        self.wrong.append(f"{name} is another file")
            except OSError as lost:
                self.wrong.append(f"{name} is lost: {lost}")

    def journal_problems(self) -> list[str]:
        """
        Lines whose APPE was acknowledged and that are not there exactly once, and lines that are there more than once.
        """
        path = os.path.join(self.fleet.home(), f"journal-{self.number}")
        lines: list[str] = []
        with contextlib.suppress(FileNotFoundError), open(path) as file:
            lines = file.read().splitlines()
        counts = collections.Counter(lines)
        return ([line for line in self.written if counts[line] != 1]
                + [line for line, count in counts.items() if count > 1])


def looping(fleet: Fleet, clients: int, during: Callable[[], object], nodes_die: bool = False) -> list[Looper]:
    """Runs loopers while something happens to their fleet, and returns them."""
    loopers = [Looper(fleet, n, nodes_die) for n in range(clients)]
    for looper in loopers:
        looper.start()
    try:
        during()
    finally:
        for looper in loopers:
            looper.halt.set()
        for looper in loopers:
            looper.join(60)
    return loopers


def none_doubled(loopers: Sequence[Looper]) -> None:
    doubled = [line for looper in loopers for line in looper.journal_problems()]
    require(not doubled, f"commands were lost or done twice: {doubled[:4]}")
    for looper in loopers:
        for name in list(looper.stored):
            looper.verify(name)
    wrong = [problem for looper in loopers for problem in looper.wrong]
    require(not wrong, f"acknowledged uploads are lost or wrong: {wrong[:4]}")
    stuck = [looper.number for looper in loopers if looper.is_alive() or looper.rounds == 0]
    require(not stuck, f"these clients have made no round, or not come to an end: {stuck}")


def none_failed(fleet: Fleet, loopers: Sequence[Looper]) -> int:
    """
    Requires that every round ended well, that each of its commands was done once, and that nothing is held afterwards.
    Returns the number of rounds.
    """
    failures = [f for looper in loopers for f in looper.failures]
    rounds = sum(looper.rounds for looper in loopers)
    require(not failures, f"{len(failures)} of {rounds} rounds failed: {failures[:4]}")
    none_doubled(loopers)
    nothing_held(fleet, 15)
    return rounds


def restart(fleet: Fleet, node: Node, code: str | None = None) -> None:
    """Drains a node and starts it again, when given with other code, and waits until all members agree."""
    node.command("drain", node.name)
    require(node.exit_code(180) == 0, f"{node.name} did not end in order")
    node.code = code or node.code
    node.start()
    node.await_ready()
    fleet.await_members(len(fleet.nodes))


@check("rolling-restart")
def rolling_restart(short: bool) -> str:
    """
    One command restarts all nodes under load, one after the other, with a supervisor that starts each again. It stops
    at a node that does not come back.
    """
    with lent({"flotilla.drain.lb-delay": "1s"}) as fleet:
        asked = fleet.nodes[0]
        before = {node.name: node.process.pid for node in fleet.nodes}
        supervisors = [_Supervisor(node) for node in fleet.nodes]
        loopers = looping(fleet, 6, lambda: asked.command("restart", "--rolling", "--wait", "3m"))
        fleet.await_members(len(fleet.nodes))
        rounds = none_failed(fleet, loopers)
        for supervisor in supervisors:
            supervisor.stop()
        require(all(node.process.pid != before[node.name] for node in fleet.nodes), "a node was not restarted")
        codes = [supervisor.codes for supervisor in supervisors]
        require(codes == [[75]] * len(codes), f"the nodes ended with {codes}")
        _stops_where_nobody_starts(fleet)
        fleet.mend()
        return f"{rounds} rounds of {len(loopers)} clients while one command restarted {len(codes)} nodes"


def _stops_where_nobody_starts(fleet: Fleet) -> None:
    """Without a supervisor, only the first node is lost."""
    try:
        fleet.nodes[0].command("restart", "--rolling", "--wait", "15s")
    except Failure as refused:
        require("is not back after" in str(refused), str(refused))
    else:
        raise Failure("a node that nobody starts was waited for no longer, and the command was content")
    ended = [node.name for node in fleet.nodes if not node.is_alive()]
    require(len(ended) == 1, f"these nodes ended: {ended}")
    states = {node.text("name"): node.text("state") for node in fleet.nodes[0].call("GET", "cluster").objects("nodes")}
    require(states == {node.name: "stopped" if node.name in ended else "member" for node in fleet.nodes}, f"{states}")


class _Supervisor(threading.Thread):
    """Starts a node again when its process ends, as systemd does with Restart=on-failure."""

    def __init__(self, node: Node) -> None:
        super().__init__(daemon=True)
        self.node = node
        self.codes: list[int] = []
        self.over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.2):
            code = self.node.process.poll()
            if code is not None:
                self.codes.append(code)
                self.node.start()

    def stop(self) -> None:
        self.over.set()
        self.join()


@check("upgrade", short=False, network=Network.MACHINE)
def upgrade(short: bool) -> str:
    """
    A fleet goes node by node to the next version, whose sessions save one field more, and back, under clients that
    never stop.
    """
    with Fleet() as fleet:
        coming = next_version(fleet.directory)
        mixed = 5 if short else 120

        def during() -> None:
            time.sleep(5)
            for code in (coming, HOME):
                for node in reversed(fleet.nodes):
                    restart(fleet, node, code)
                    members = fleet.nodes[0].call("GET", "nodes").objects("nodes")
                    versions = {member.text("version") for member in members}
                    require(len(versions) == (1 if node is fleet.nodes[0] else 2), f"the versions are {versions}")
                    if node is fleet.nodes[-1]:
                        time.sleep(mixed)

        loopers = looping(fleet, 8 if short else 50, during)
        rounds = none_failed(fleet, loopers)
        moved = happened(fleet, "HandedOff")
        require(moved > 0, "no session moved from one version to the other")
        return (f"{rounds} rounds of {len(loopers)} clients while every node was upgraded and taken back, two versions "
                f"together for {mixed} s and more; {moved} sessions moved; "
                f"{sum(looper.retried for looper in loopers)} logins were tried again")


@check("soak", short=False)
def soak(short: bool) -> str:
    """A random node is killed again and again under load: no acknowledged upload is lost, and nothing stays held."""
    minutes = float(os.environ.get("SOAK_MINUTES", "20"))
    with Fleet() as fleet:
        kills: list[str] = []

        def during() -> None:
            begin = time.monotonic()
            for due in range(40, int(60 * minutes) + 1, 40):
                time.sleep(max(0, begin + due - 15 - time.monotonic()))
                victim = random.choice(fleet.nodes)
                victim.kill()
                kills.append(victim.name)
                time.sleep(8)
                victim.start()
                victim.await_ready()
                fleet.await_members(len(fleet.nodes))

        loopers = looping(fleet, 12, during, True)
        none_doubled(loopers)
        free = nothing_held(fleet, 20)
        return (f"{sum(looper.rounds for looper in loopers)} rounds while {len(kills)} nodes were killed, "
                f"{sum(len(looper.failures) for looper in loopers)} cut short, none lost; everything free after "
                f"{free:.1f} s")
