"""Nodes that are slow: starved of CPU, stopped for a while, or flapping. A slow node does no harm to the others."""

import contextlib
import itertools
import os
import random
import secrets
import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from harness.failure import Failure, require
from harness.figures import percentile
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet, lent
from harness.fleet.node import Node
from harness.ftps import ERRORS, Client
from harness.waiting import until

CGROUPS = "/sys/fs/cgroup/cpu"
CLIENTS = 20
ANSWER = 3  # seconds within which a session on a healthy node answers


class Wait(NamedTuple):
    """The time at which a command began, and the seconds that it took."""

    begin: float
    took: float


class Late(NamedTuple):
    """A client, and the data connection of an upload that it has not ended."""

    client: Client
    connection: ssl.SSLSocket


class Steady(threading.Thread):
    """
    A client that stores, appends and looks again and again, and comes back after a session that ended. Every file and
    line that was acknowledged must be there. The time that a command took counts when it touches nothing but this
    session.
    """

    def __init__(self, fleet: Fleet, number: str, node: Node) -> None:
        super().__init__(daemon=True)
        self.fleet, self.number, self.node = fleet, number, node
        self.halt = threading.Event()
        self.stored: dict[str, bytes] = {}
        self.lines: list[str] = []
        self.doubtful: set[str] = set()
        self.answers: list[Wait] = []
        self.works, self.refused, self.ended = 0, 0, 0
        self.client: Client | None = None
        self.round = 0

    def run(self) -> None:
        while not self.halt.is_set():
            self.round += 1
            try:
                if self.client is None:
                    self.client = self.fleet.login(host=self.node.address, timeout=40)
                self.look(self.client)
                self.store(self.client)
                self.append(self.client)
                time.sleep(0.05)
            except ERRORS as failure:
                if str(failure)[:1] in "45" and not str(failure).startswith("421"):
                    self.refused += 1
                    continue
                self.ended += 1
                with contextlib.suppress(*ERRORS):
                    if self.client:
                        self.client.close()
                self.client = None
                self.halt.wait(0.5)

    def look(self, client: Client) -> None:
        begin = time.monotonic()
        client.pwd()
        self.answers.append(Wait(begin, time.monotonic() - begin))

    def store(self, client: Client) -> None:
        name = f"c{self.number}-{self.round % 5}"
        data = f"{name} {self.round} ".encode() * random.randint(1, 2000)
        self.doubtful.add(name)  # either one may be there until it is acknowledged
        client.upload(name, data)
        self.doubtful.discard(name)
        self.stored[name] = data
        self.works += 1

    def append(self, client: Client) -> None:
        line = f"{self.number}-{self.round}"
        client.append(f"j{self.number}", line.encode() + b"\n")
        self.lines.append(line)
        self.works += 1

    def wrong(self) -> list[str]:
        """Files and lines that are not as they were acknowledged."""
        wrong: list[str] = []
        for name, data in self.stored.items():
            with contextlib.suppress(FileNotFoundError), open(os.path.join(self.fleet.home(), name), "rb") as file:
                found = file.read()
                if found == data or name in self.doubtful and found.startswith(name.encode() + b" "):
                    continue
            wrong.append(name)
        with contextlib.suppress(FileNotFoundError), open(os.path.join(self.fleet.home(), f"j{self.number}")) as file:
            there = file.read().split("\n")
            wrong += [f"line {line}, {there.count(line)} times" for line in self.lines if there.count(line) != 1]
        if self.lines and not os.path.exists(os.path.join(self.fleet.home(), f"j{self.number}")):
            wrong.append("its journal is gone")
        return wrong


class Steadies:
    """Steady clients of some nodes."""

    series = itertools.count()

    def __init__(self, fleet: Fleet, nodes: Sequence[Node], count: int = CLIENTS) -> None:
        self.fleet = fleet
        series = next(self.series)  # a fleet sees several of them, whose names must differ
        self.clients = [Steady(fleet, f"{series}.{number}", nodes[number % len(nodes)]) for number in range(count)]

    def __enter__(self) -> "Steadies":
        for client in self.clients:
            client.start()
        time.sleep(3)
        return self

    def __exit__(self, kind: object, *unused: object) -> None:
        for client in self.clients:
            client.halt.set()
        for client in self.clients:
            client.join(60)
        if not kind:
            wrong = {client.number: client.wrong() for client in self.clients if client.wrong()}
            require(not wrong, f"acknowledged and not there: {dict(list(wrong.items())[:3])}")
            require(all(client.works for client in self.clients), "a client never did anything")
            for client in self.clients:
                if client.client:
                    with contextlib.suppress(*ERRORS):
                        client.client.quit()

    def answers(self, nodes: Sequence[Node], since: float = 0.0) -> list[float]:
        return [answer.took for client in self.clients if client.node in nodes
                for answer in client.answers if answer.begin >= since]

    def told(self) -> str:
        return (f"{sum(c.works for c in self.clients)} files and lines of {len(self.clients)} clients acknowledged and "
                f"there, {sum(c.refused for c in self.clients)} refused, {sum(c.ended for c in self.clients)} sessions "
                "ended")


@contextlib.contextmanager
def throttled(process: subprocess.Popen[bytes], percent: int) -> Iterator[str]:
    """
    A process that gets a percentage of one core, by a cgroup of its own. It is stopped and let go in turns where there
    are no cgroups.
    """
    # Numbers of processes are the same in two namespaces, and all of them see one tree of groups.
    directory = os.path.join(CGROUPS, f"flotilla-{process.pid}-{secrets.token_hex(8)}")
    try:
        os.makedirs(directory)
        with open(os.path.join(directory, "cpu.cfs_quota_us"), "w") as quota:
            quota.write(str(1000 * percent))
        with open(os.path.join(directory, "cgroup.procs"), "w") as processes:
            processes.write(str(process.pid))
    except OSError as no:
        print(f"skip cgroup: {no}; the process is stopped and let go in turns instead", flush=True)
        with contextlib.suppress(OSError):
            os.rmdir(directory)
        with _in_turns(process, percent):
            yield "stopped and let go in turns"
        return
    try:
        yield "by a cgroup"
    finally:
        with contextlib.suppress(OSError):
            with open(os.path.join(directory, "cpu.cfs_quota_us"), "w") as quota:
                quota.write("-1")
            if process.poll() is None:
                with open(os.path.join(CGROUPS, "cgroup.procs"), "w") as processes:
                    processes.write(str(process.pid))
            time.sleep(0.1)
            os.rmdir(directory)


@contextlib.contextmanager
def _in_turns(process: subprocess.Popen[bytes], percent: int) -> Iterator[None]:
    halt = threading.Event()

    def turns() -> None:
        while not halt.is_set() and process.poll() is None:
            process.send_signal(signal.SIGSTOP)
            halt.wait(0.1 * (100 - percent) / 100)
            process.send_signal(signal.SIGCONT)
            halt.wait(0.1 * percent / 100)

    thread = threading.Thread(target=turns, daemon=True)
    thread.start()
    try:
        yield
    finally:
        halt.set()
        thread.join()
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)


def _alive(nodes: Sequence[Node]) -> None:
    ended = [f"{node.name} with {node.process.poll()}\n{node.log}" for node in nodes if not node.is_alive()]
    require(not ended, f"healthy nodes have ended: {ended}")


def _restarted(fleet: Fleet) -> int:
    """Starts nodes anew that have left, as a supervisor would; returns their number."""
    count = 0
    for node in fleet.nodes:
        if not node.is_alive():
            code = node.process.poll()
            require(code == 4, f"{node.name} ended with {code}\n{node.log}")
            node.start()
            node.await_ready()
            count += 1
    fleet.await_members(len(fleet.nodes), 60)
    return count


@check("slow-nodes")
def slow_nodes(short: bool) -> str:
    """
    Nodes that are starved of CPU, stopped or flapping under clients of all of them: only such a node is lost, sessions
    on the others answer, and acknowledged files and lines are there.
    """
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    dice = random.Random(seed)
    with lent() as fleet:
        told = []
        for part in [_starved, _all_paused, _flapping, *([] if short else [_paused]), _zombies]:
            begin = time.monotonic()
            try:
                told.append(part(fleet, short, dice) + f" ({time.monotonic() - begin:.0f} s)")
            except Failure as failure:
                raise Failure(f"{failure}; seed {seed}") from failure
            _restarted(fleet)
        nothing_held(fleet, 20)
        return "; ".join(told)


def _starved(fleet: Fleet, short: bool, dice: random.Random) -> str:
    """One of three nodes gets a twentieth of a core: the others stay and answer; it may go, alone."""
    seconds = 15 if short else 60
    healthy, victim = fleet.nodes[:2], fleet.nodes[2]
    with Steadies(fleet, healthy) as clients:
        begin = time.monotonic()
        with throttled(victim.process, 5) as how:
            time.sleep(seconds)
        time.sleep(3)
        _alive(healthy)
        answers = _answered(clients, healthy, begin)
    return f"a node with 5 % of a core for {seconds} s ({how}) {_left(victim)}; {answers}"


def _all_paused(fleet: Fleet, short: bool, dice: random.Random) -> str:
    """All nodes are stopped at once for up to ten seconds, as when their machine is: nobody is lost, and all go on."""
    waits = []
    with Steadies(fleet, fleet.nodes) as clients:
        for pause in [3, 10] if short else [3, 6, 10] * 3:
            time.sleep(dice.uniform(0, 3))
            for node in fleet.nodes:
                node.signal(signal.SIGSTOP)
            time.sleep(pause)
            for node in fleet.nodes:
                node.signal(signal.SIGCONT)
            all_work = partial(_beyond, {client: client.works for client in clients.clients})
            waits.append(until(f"all clients work after a pause of {pause} s", 40, all_work))
        time.sleep(10 if short else 15)  # by now a node that was to be removed would be gone
        _alive(fleet.nodes)
    return (f"{len(waits)} pauses of all nodes for 3 to 10 s: nobody left, every client's files stored again after "
            f"{max(waits):.1f} s; {clients.told()}")


def _beyond(works: Mapping[Steady, int]) -> bool:
    """Whether all clients have done more than this."""
    return all(client.works > count for client, count in works.items())


def _flapping(fleet: Fleet, short: bool, dice: random.Random) -> str:
    """A node that runs and stands still in turns: the others stay and answer; it may go, alone."""
    healthy, victim = fleet.nodes[:2], fleet.nodes[2]
    with Steadies(fleet, healthy) as clients:
        begin = time.monotonic()
        while time.monotonic() - begin < (15 if short else 120) and victim.is_alive():
            victim.signal(signal.SIGSTOP)
            time.sleep(dice.uniform(0.5, 6))
            victim.signal(signal.SIGCONT)
            time.sleep(dice.uniform(0.5, 4))
        lasted = time.monotonic() - begin
        time.sleep(3)
        _alive(healthy)
        answers = _answered(clients, healthy, begin)
    return f"a node that flapped for {lasted:.0f} s {_left(victim)}; {answers}"


def _paused(fleet: Fleet, short: bool, dice: random.Random) -> str:
    """
    Each node in turn is stopped for ten seconds, and stays. It leaves, alone, when it is stopped for longer than the
    others wait.
    """
    told = []
    for victim, pause in [(node, 10) for node in fleet.nodes] + [(fleet.nodes[0], 25)]:
        healthy = [node for node in fleet.nodes if node is not victim]
        with Steadies(fleet, healthy) as clients:
            begin = time.monotonic()
            victim.signal(signal.SIGSTOP)
            time.sleep(pause)
            victim.signal(signal.SIGCONT)
            if pause > 20:
                code = victim.exit_code(20)
                require(code == 4, f"{victim.name} ended with {code} after a pause of {pause} s")
            time.sleep(12)
            _alive(healthy if pause > 20 else fleet.nodes)
            answers = _answered(clients, healthy, begin)
        told.append(f"{victim.name} stopped for {pause} s {_left(victim)}; {answers}")
        _restarted(fleet)
    return "; ".join(told)


def _answered(clients: Steadies, nodes: Sequence[Node], since: float) -> str:
    """The waits of sessions on healthy nodes."""
    answers = clients.answers(nodes, since)
    require(max(answers) <= ANSWER, f"a session on a healthy node answered after {max(answers):.1f} s")
    return (f"sessions on the others answered after p99 {percentile(answers, .99):.2f} s, at most "
            f"{max(answers):.2f} s; {clients.told()}")


def _left(node: Node) -> str:
    return "stayed" if node.is_alive() else "left alone"


@check("many-newcomers", short=False)
def many_newcomers(short: bool) -> str:
    """
    Five nodes come at once to three on a machine that is busy with them: none of the three is lost, and their clients
    go on.
    """
    with Fleet(balancer=False) as fleet:
        members = list(fleet.nodes)
        with Steadies(fleet, members) as clients:
            begin = time.monotonic()
            for _ in range(5):
                fleet.grow()
            until("all five newcomers are ready", 420, lambda: _supervised(fleet.nodes[3:]), 0.5)
            took = time.monotonic() - begin
            _alive(members)
            answers = clients.answers(members, begin)
        fleet.await_members(len(fleet.nodes), 120)
        starts = sum(node.starts for node in fleet.nodes[3:])
        return (f"five newcomers were ready after {took:.0f} s and {starts} starts, none of three members was lost; "
                f"answers p99 {percentile(answers, .99):.2f} s, max {max(answers):.2f} s; {clients.told()}")


def _zombies(fleet: Fleet, short: bool, dice: random.Random) -> str:
    """
    A node is stopped in the middle of uploads and appends for 5 to 40 s. Clients of another node store the same names
    as soon as they may. Their acknowledged bytes stay when it wakes.
    """
    rounds = 1 if short else 40
    overtaken = left = 0
    for number in range(rounds):
        victim = fleet.nodes[dice.randrange(3)]
        other = fleet.nodes[(victim.number + dice.randrange(2)) % 3]
        pause = dice.uniform(16, 22) if short else dice.uniform(5, 40)
        stored = _overtake(fleet, victim, other, number, pause, dice)
        overtaken += len(stored)
        time.sleep(6)
        for name, data in stored.items():
            with open(os.path.join(fleet.home(), name), "rb") as file:
                found = file.read()
            good = found.count(data) == 1 if name.startswith("a") else found == data
            require(good, f"{name} is not what was acknowledged after {victim.name} was stopped for {pause:.1f} s, "
                          f"round {number}")
        left += not victim.is_alive()
        _alive([node for node in fleet.nodes if node is not victim])
        _restarted(fleet)
    return (f"{rounds} stops in the middle of uploads: {left} nodes left, {overtaken} uploads overtaken on another "
            "node, all of them there afterwards")


def _supervised(nodes: Sequence[Node]) -> bool:
    """Starts nodes again that were not let in, as a supervisor would; whether all are ready."""
    for node in nodes:
        code = node.process.poll()
        if code is not None:
            require(code in (4, 5), f"{node.name} ended with {code}\n{node.log}\n{node.logged()[-1000:]}")
            node.start()
    return all("flotilla: ready" in node.logged() for node in nodes)


def _overtake(fleet: Fleet, victim: Node, other: Node, number: int, pause: float,
              dice: random.Random) -> dict[str, bytes]:
    """
    Uploads that are stopped with their node, and others under the same names: acknowledged bytes of the others stay.
    """
    late: list[Late] = []
    keys = [f"{kind}{number}-{n}" for n in range(4) for kind in "sa"]
    writer = fleet.login(host=other.address)
    for key in keys:
        if key.startswith("a"):
            writer.upload(key, b"head\n")
    for key in keys:
        client = fleet.login(host=victim.address)
        connection = client.transfercmd(("APPE " if key.startswith("a") else "STOR ") + key)
        connection.sendall(b"late " * 20_000)
        late.append(Late(client, connection))
    time.sleep(dice.uniform(0, 1))
    begin = time.monotonic()
    victim.signal(signal.SIGSTOP)
    for client, connection in late:
        if dice.random() < 0.5:
            connection.settimeout(0.2)
            with contextlib.suppress(OSError):
                connection.sendall(b"late " * 1000)
        connection.close()  # an upload that is cut, or ended: it lies in its socket
    stored: dict[str, bytes] = {}

    def overtake(key: str) -> None:
        client = fleet.login(host=other.address)
        data = f"mine {key}\n".encode() * 100
        while time.monotonic() - begin < pause:
            try:
                if key.startswith("a"):
                    client.append(key, data)
                else:
                    client.upload(key, data)
                stored[key] = data
                break
            except ERRORS:
                time.sleep(0.3)
        client.close()

    works = [threading.Thread(target=overtake, args=(key,), daemon=True) for key in keys]
    for work in works:
        work.start()
    time.sleep(max(0, begin + pause - time.monotonic()))
    victim.signal(signal.SIGCONT)
    for work in works:
        work.join(60)
    for client, _ in late:
        client.close()
    writer.close()
    return stored
